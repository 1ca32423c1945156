import { readFileSync } from "node:fs";
import { CLUSTER, defaultCluster } from "../../tools/docs/cluster";
import { readme, withSettings } from "../../tools/docs/readme";

test("the README's table of settings is that of the code (make readme)", () => {
  expect(readme()).toBe(withSettings(readme()));
});

test("the default cluster's configuration is that of the code (make readme)", () => {
  expect(readFileSync(CLUSTER, "utf8")).toBe(defaultCluster());
});
