import { get, kubectl, kubectlOptions } from "./kubectl";
import { ContainerStatus, Pod } from "./pods";

/** Number of log lines to show. */
const LOG_LINES = 8;

/** Explains why the pods of a service or job are not ready; resolves to an empty string if the cause is unknown. */
export async function diagnose(name: string): Promise<string> {
  const pods = await get<Pod>("pods", "--selector", `app.kubernetes.io/name=${name}`);
  // The last attempt of a job.
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
      ? [`end of its log (full log: ${command}):`, ...(log.all ?? "").split("\n").map((line) => `  ${line}`)]
      : []),
  ].join("\n");
}

interface Event {
  readonly message: string;
  readonly involvedObject: { readonly name: string };
}

/** Explains why the cluster does not create a pod. */
async function noPod(name: string): Promise<string> {
  const warnings = await get<Event>("events", "--field-selector", "type=Warning");
  const last = warnings.filter(({ involvedObject }) => involvedObject.name.startsWith(name)).at(-1);
  return last === undefined ? "" : `cannot create a pod: ${last.message}`;
}

function reason({ status }: Pod): string {
  const container: Partial<ContainerStatus> = status.containerStatuses?.[0] ?? {};
  const ended = container.state?.terminated ?? container.lastState?.terminated;
  if (ended?.reason === "OOMKilled") {
    return "OOM-killed: exceeded its memory limit; raise memory.NAME; run: make settings";
  }
  const waiting = container.state?.waiting;
  if (waiting !== undefined)
    return `waiting: ${waiting.reason}${waiting.message ? `: ${waiting.message}` : ""}`;
  if (ended !== undefined) return `exited with code ${ended.exitCode}`;
  const unscheduled = status.conditions?.find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  if (unscheduled !== undefined) return `not scheduled: ${unscheduled.message}`;
  return "running, but its probe fails";
}
