"""Entry point of the stream container: ``python3 main.py``."""

import os
import sys
from pathlib import Path

from stream.driver import main

if __name__ == "__main__":
    # Read when the driver's JVM is started.
    os.environ.setdefault("SPARK_CONF_DIR", str(Path(__file__).resolve().parent / "conf"))
    sys.exit(main())
