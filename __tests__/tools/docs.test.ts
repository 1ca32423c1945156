import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../tools/cli/project";
import { CLUSTER, defaultCluster } from "../../tools/docs/cluster";
import { settingsPage, withSettings } from "../../tools/docs/settings-page";

test("docs/settings.md has the settings of the code (make docs)", () => {
  expect(settingsPage()).toBe(withSettings(settingsPage()));
});

test("a page without marks for the table is an error", () => {
  expect(() => withSettings("# Settings\n")).toThrow("missing marks in");
});

test("the default cluster's configuration is that of the code (make docs)", () => {
  expect(readFileSync(CLUSTER, "utf8")).toBe(defaultCluster());
});

test("the README is an introduction: at most 150 lines", () => {
  const lines = readFileSync(join(ROOT, "README.md"), "utf8").trimEnd().split("\n").length;
  expect(lines).toBeLessThanOrEqual(150);
});
