import { get, kubectl, kubectlOptions } from "./kubectl";
import { ContainerStatus, Pod } from "./pods";

/** Lines of a pod's log that are shown. */
const LOG_LINES = 8;

/** Why the pods of a service or job are not ready, as far as the cluster and their log tell; empty when there are none. */
export async function diagnose(name: string): Promise<string> {
  const pods = await get<Pod>("pods", "--selector", `app.kubernetes.io/name=${name}`);
  // Of a job, the last attempt.
  const pod = pods.filter(({ status }) => !status.containerStatuses?.[0]?.ready).at(-1);
  if (pod === undefined) return pods.length === 0 ? noPod(name) : "";
  const log = await kubectl(["logs", `pod/${pod.metadata.name}`, "--tail", String(LOG_LINES)], {
    reject: false,
    all: true,
  });
  const command = ["kubectl", ...kubectlOptions(), "logs", pod.metadata.name].join(" ");
  return [
    `pod ${pod.metadata.name}: ${reason(pod)}`,
    ...(log.exitCode === 0
      ? [
          `the end of its log (all of it: ${command}):`,
          ...(log.all ?? "").split("\n").map((line) => `  ${line}`),
        ]
      : []),
  ].join("\n");
}

interface Event {
  readonly message: string;
  readonly involvedObject: { readonly name: string };
}

/** Why the cluster makes no pod. */
async function noPod(name: string): Promise<string> {
  const warnings = await get<Event>("events", "--field-selector", "type=Warning");
  const last = warnings.filter(({ involvedObject }) => involvedObject.name.startsWith(name)).at(-1);
  return last === undefined ? "" : `the cluster makes no pod: ${last.message}`;
}

function reason({ status }: Pod): string {
  const container: Partial<ContainerStatus> = status.containerStatuses?.[0] ?? {};
  const ended = container.state?.terminated ?? container.lastState?.terminated;
  if (ended?.reason === "OOMKilled") {
    return "it was killed for using more memory than its limit: give it more (make settings lists the limits, memory.…)";
  }
  const waiting = container.state?.waiting;
  if (waiting !== undefined)
    return `it waits: ${waiting.reason}${waiting.message ? `: ${waiting.message}` : ""}`;
  if (ended !== undefined) return `it ended with exit code ${ended.exitCode}`;
  const unscheduled = status.conditions?.find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  if (unscheduled !== undefined) return `no node takes it: ${unscheduled.message}`;
  return "it runs, but its probe does not succeed";
}
