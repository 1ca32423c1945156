import { kubectl } from "../../cli/targets/kind/kubectl";
import type { Fault } from "../fault";

/** Users in flight when a pod is deleted. */
const IN_FLIGHT = 1000;

/** Deletes the pods of a service without giving them time to end. */
function deleted(service: string, goal: number): Fault {
  return {
    id: `${service}-deleted`,
    title: `pod of ${service} deleted at once`,
    goal,
    async act({ load }) {
      await load.burst(IN_FLIGHT);
      const pods = ["--selector", `app.kubernetes.io/name=${service}`];
      await kubectl(["delete", "pod", ...pods, "--grace-period=0", "--force", "--wait=false"]);
    },
  };
}

/** Pods that are gone from one moment to the next. */
export const PODS: readonly Fault[] = [
  deleted("broker", 60),
  deleted("zookeeper", 60),
  deleted("schema-registry", 60),
  deleted("spark-worker", 120),
  deleted("spark-stream", 120),
  deleted("postgres", 60),
  deleted("cassandra", 90),
  deleted("producer", 30),
  deleted("sink", 30),
];
