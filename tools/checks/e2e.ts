import { type Target } from "../../infra/platforms/common";
import { prepareMachine } from "../cli/prepare";
import { jestCheck } from "./jest";
import { Check, commandCheck } from "./runner";

/**
 * What is proven: the pipeline at a target, the Helm chart on a kind cluster, or the pipeline on a cluster that exists, by way of
 * a registry.
 */
export type Proof = Target | "chart" | "registry";

/** Deploys the pipeline for real and proves it, and removes it also when the proof fails half way. */
export function e2eChecks(proof: Proof): Check[] {
  // It makes a cluster of its own and removes it.
  if (proof === "registry") return [prepared("kind", ["--registry"]), jestCheck("e2e-registry")];
  const target = proof === "chart" ? "kind" : proof;
  return [
    prepared(target),
    jestCheck(`e2e-${proof}`),
    commandCheck(`cleaned up: ${target}`, "make", ["--silent", "destroy", `TARGET=${target}`]),
  ];
}

function prepared(target: Target, options: readonly string[] = []): Check {
  return {
    name: `machine prepared: ${target}`,
    run: async () => {
      await prepareMachine(target, options);
      return { passed: 1, failed: 0 };
    },
  };
}
