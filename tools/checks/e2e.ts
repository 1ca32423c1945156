import { command, Check } from "./runner";
import { jestCheck } from "./jest";

/** Deploys the pipeline for real and proves it, and removes it also when the proof fails half way. */
export function e2eChecks(): Check[] {
  return [
    jestCheck("e2e"),
    {
      name: "cleaned up",
      run: async () =>
        (await command("make", ["--silent", "destroy"])) === 0
          ? { passed: 1, failed: 0 }
          : { passed: 0, failed: 1 },
    },
  ];
}
