import { type Target } from "../../infra/platforms/common";
import { type Check } from "./check";
import { commandCheck } from "./command";
import { jestCheck } from "./jest";
import { machineCheck, machineName } from "./machine";
import { type Proof } from "./proof";

/** Deploys the pipeline for real and proves it, and removes it also when the proof fails half way. */
export function e2eChecks(proof: Proof): Check[] {
  // It makes a cluster of its own and removes it.
  if (proof === "registry") {
    return [machineCheck("kind", {}, ["--registry"]), jestCheck("e2e-registry", needs("kind"))];
  }
  const target = proof === "chart" ? "kind" : proof;
  const tests = jestCheck(`e2e-${proof}`, needs(target));
  return [
    machineCheck(target),
    tests,
    commandCheck(`cleaned up: ${target}`, "make", ["--silent", "destroy", `TARGET=${target}`], {
      after: [tests.name],
      cleansUp: tests.name,
    }),
  ];
}

const needs = (target: Target) => ({ needs: [machineName(target)] });
