import { type Target } from "../../infra/platforms/common";

/**
 * What is proven: the pipeline at a target, the Helm chart on a kind cluster, or the pipeline on a cluster that exists, by way of
 * a registry.
 */
export type Proof = Target | "chart" | "registry";
