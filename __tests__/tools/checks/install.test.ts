import { install } from "../../../tools/checks/install";

const failing = (output: string) =>
  install("Chromium", "sh", ["-c", `printf '%s\\n' ${output}; exit 100`]).catch(
    (error: Error) => error.message,
  );

test("the last error of the package manager is in the message", async () => {
  expect(await failing(`'W: retrying' 'E: no such package' 'E: no network' 'see the log'`)).toBe(
    "cannot install Chromium: E: no network; check that the package index is reachable",
  );
});

test("without such an error, the message names the command", async () => {
  expect(await failing("''")).toMatch(/^cannot install Chromium: Command failed with exit code 100: sh /);
});

test("a package manager that does not exist is named", async () => {
  await expect(install("packages", "no-such-pip", [])).rejects.toThrow(
    /cannot install packages: .*no-such-pip/,
  );
});
