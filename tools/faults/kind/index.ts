import type { Suite } from "../fault";
import { NODES } from "./node";
import { PODS } from "./pods";

/** Every fault on Kubernetes, in the order in which they happen. */
export const kindSuite: Suite = {
  faults: [...PODS, ...NODES],
  prepare: () => Promise.resolve({}),
};
