import { type Target } from "../../infra/platforms/common";
import { prepareMachine } from "../cli/prepare";
import { jestCheck } from "./jest";
import { Check, command } from "./runner";

/** What is proven: the pipeline at a target, or the Helm chart on a kind cluster. */
export type Proof = Target | "chart";

/** Deploys the pipeline for real and proves it, and removes it also when the proof fails half way. */
export function e2eChecks(proof: Proof): Check[] {
  const target = proof === "chart" ? "kind" : proof;
  return [
    {
      name: `machine prepared: ${target}`,
      run: async () => {
        await prepareMachine(target);
        return { passed: 1, failed: 0 };
      },
    },
    jestCheck(`e2e-${proof}`),
    {
      name: `cleaned up: ${target}`,
      run: async () =>
        (await command("make", ["--silent", "destroy", `TARGET=${target}`])) === 0
          ? { passed: 1, failed: 0 }
          : { passed: 0, failed: 1 },
    },
  ];
}
