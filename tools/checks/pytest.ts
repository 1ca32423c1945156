import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../cli/project";
import { imageName, TESTS_LABEL } from "../test-services/services";
import { type Check, type Tally } from "./check";
import { command, REPORTS } from "./command";
import { installLinters, pipInstall } from "./python";

/** The image whose Python and libraries each app runs with. */
const IMAGES = { dags: "airflow", stream: "sparkConnectors" } as const;

/**
 * A check that runs an app's Python tests in the image that the app runs in, beside the test services, and counts them.
 * What the tests need besides is installed outside the image and mounted.
 */
export function pytestCheck(app: keyof typeof IMAGES, order: Partial<Check> = {}): Check {
  return {
    ...order,
    name: `tests: ${app}`,
    run: async () => {
      await installTestPackages(app);
      const report = (extension: string) => join(REPORTS, `pytest-${app}.${extension}`);
      for (const extension of ["xml", "cpu"]) rmSync(report(extension), { force: true });
      const exitCode = await command("docker", [
        ...["run", "--rm", "--network", "host", "--user", "0:0", "--entrypoint", "python3"],
        ...["--label", TESTS_LABEL],
        ...["--volume", `${join(ROOT, "apps")}:/project/apps:ro`],
        ...["--volume", `${join(ROOT, "tools/checks/run_pytest.py")}:/project/run_pytest.py:ro`],
        ...["--volume", `${join(ROOT, ".cache")}:/project/.cache`],
        // Spark in a test ends before the code that its second compiler makes could pay.
        ...["--env", "JDK_JAVA_OPTIONS=-XX:TieredStopAtLevel=1"],
        ...["--env", "PYTHONDONTWRITEBYTECODE=1", "--env", "TEST_PACKAGES=/project/.cache/test-packages"],
        ...["--workdir", `/project/apps/${app}`],
        await imageName(IMAGES[app]),
        ...["/project/run_pytest.py", `/project/.cache/python/${app}`],
        `/project/.cache/reports/pytest-${app}.cpu`,
        `--junitxml=/project/.cache/reports/pytest-${app}.xml`,
      ]);
      const cpuSeconds = Number(readFileSync(report("cpu"), "utf8"));
      return { ...counts(report("xml"), exitCode), cpuSeconds };
    },
  };
}

async function installTestPackages(app: string): Promise<void> {
  await installLinters();
  const requirements = join(ROOT, "apps", app, "requirements-test.txt");
  const shipped = join(ROOT, "apps", app, "requirements.txt");
  const target = join(ROOT, ".cache/python", app);
  const mark = join(target, "installed-requirements.txt");
  const wanted = [requirements, shipped]
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, "utf8"))
    .join("");
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return;
  // For the image's Python, whatever the host's.
  const platform = [
    "--only-binary=:all:",
    "--python-version=3.11",
    "--implementation=cp",
    // Debian 12 has glibc 2.36.
    ...["manylinux_2_28", "manylinux_2_17", "manylinux2014"].map((tag) => `--platform=${tag}_x86_64`),
  ];
  await pipInstall(requirements, ["--upgrade", ...platform, "--target", target]);
  writeFileSync(mark, wanted);
}

function counts(report: string, exitCode: number): Tally {
  const text = readFileSync(report, "utf8");
  const suite = /<testsuite [^>]*>/.exec(text)?.[0] ?? "";
  const number = (name: string) => Number(new RegExp(`${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = Math.max(number("failures") + number("errors"), exitCode === 0 ? 0 : 1);
  const passed = number("tests") - number("failures") - number("errors") - number("skipped");
  const failures = [
    ...text.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"[^>]*><(?:failure|error) /g),
  ];
  return { passed, failed, failures: failures.map(([, module, test]) => `${module}: ${test}`) };
}
