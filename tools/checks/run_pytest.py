"""Run pytest in an app's container, and write the CPU seconds that the container used to a file.

Usage: run_pytest.py PACKAGES CPU_FILE [PYTEST ARGUMENT]...
"""

import re
import site
import sys
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")


def container_cpu_seconds() -> float:
    """CPU seconds of all processes of this container; 0 where its cgroup is not mounted."""
    version_1, version_2 = CGROUP / "cpuacct/cpuacct.usage", CGROUP / "cpu.stat"
    if version_1.exists():
        return int(version_1.read_text()) / 1e9
    if version_2.exists():
        return int(re.search(r"usage_usec (\d+)", version_2.read_text())[1]) / 1e6
    return 0


packages, cpu_file, *arguments = sys.argv[1:]
site.addsitedir(packages)

import pytest  # noqa: E402 - it is one of the packages

code = pytest.main(arguments)
Path(cpu_file).write_text(str(container_cpu_seconds()))
sys.exit(code)
