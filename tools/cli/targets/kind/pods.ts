import { UserError } from "../../errors";
import { Running } from "../target";
import { get, kubectl } from "./kubectl";

/** The fields of a pod that are used here. */
export interface Pod {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

/** Status of a pod's container. */
export interface ContainerStatus {
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state: State;
  readonly lastState: State;
}

interface State {
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly terminated?: { readonly reason: string; readonly exitCode: number };
}

/** A kubelet's statistics of the pods on its node. */
interface StatsSummary {
  readonly pods: readonly {
    readonly podRef: { readonly name: string };
    readonly memory?: { readonly workingSetBytes?: number };
  }[];
}

/** Lists the pods with state and memory, except the finished pods of jobs. */
export async function runningPods(): Promise<Running[]> {
  const pods = (await get<Pod>("pods")).filter(
    ({ status }) => status.phase !== "Succeeded" && status.phase !== "Failed",
  );
  const memory = await memoryByPod(pods);
  return pods.map((pod) => ({
    name: pod.metadata.name,
    state: stateOf(pod),
    memory: memory.get(pod.metadata.name),
  }));
}

/**
 * Returns the name of a workload's pod.
 * @throws UserError if the workload has no pod
 */
export async function podOf(workload: string): Promise<string> {
  const [pod] = await get<Pod>("pods", "--selector", `app.kubernetes.io/name=${workload}`);
  if (!pod) throw new UserError(`no pod of ${workload} is running; run: make up TARGET=kind`);
  return pod.metadata.name;
}

function stateOf({ status }: Pod): string {
  const [container] = status.containerStatuses ?? [];
  const restarts = container?.restartCount ?? 0;
  const state = container?.ready
    ? "ready"
    : (container?.state.waiting?.reason ?? (status.phase === "Running" ? "not ready" : status.phase));
  return restarts === 0 ? state : `${state} (restarted ${restarts === 1 ? "once" : `${restarts} times`})`;
}

/** Memory of each pod in MiB, except on nodes whose statistics this user may not read. */
async function memoryByPod(pods: readonly Pod[]): Promise<Map<string, number>> {
  const nodes = new Set(pods.flatMap(({ spec }) => spec.nodeName ?? []));
  const summaries = await Promise.all(
    [...nodes].map(async (node) => {
      const raw = ["get", "--raw", `/api/v1/nodes/${node}/proxy/stats/summary`];
      const { exitCode, stdout } = await kubectl(raw, { reject: false });
      return exitCode === 0 ? (JSON.parse(stdout) as StatsSummary).pods : [];
    }),
  );
  return new Map(
    summaries
      .flat()
      .map(({ podRef, memory }) => [podRef.name, (memory?.workingSetBytes ?? NaN) / 1024 / 1024]),
  );
}
