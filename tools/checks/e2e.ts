import { type Check } from "./check";
import { commandCheck } from "./command";
import { historyCheck } from "./history";
import { jestCheck } from "./jest";
import { machineCheck, machineName } from "./machine";
import { type Proof } from "./proof";

/** Deploys the pipeline for real and proves it, and removes it also when the proof fails half way. */
export function e2eChecks(proof: Proof): Check[] {
  // It makes a cluster of its own and removes it.
  if (proof === "registry") {
    return [
      machineCheck("kind", {}, ["--registry"]),
      jestCheck("e2e-registry", { needs: [machineName("kind")] }),
    ];
  }
  const target = proof === "chart" ? "kind" : proof;
  // Only the proof on Docker begins at the last release.
  const first = proof === "docker" ? [historyCheck(), machineCheck(target)] : [machineCheck(target)];
  const tests = jestCheck(`e2e-${proof}`, { needs: first.map(({ name }) => name) });
  return [
    ...first,
    tests,
    commandCheck(`cleaned up: ${target}`, "make", ["--silent", "destroy", `TARGET=${target}`], {
      after: [tests.name],
      cleansUp: tests.name,
    }),
  ];
}
