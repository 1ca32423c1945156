import type { Deployment, DeploymentSpec, StatefulSet } from "kubernetes-types/apps/v1";
import type { Service, ServiceSpec } from "kubernetes-types/core/v1";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";
import { Volume, Workload } from "../../../workload";
import { ObjectsContext } from "./context";
import { files } from "./files";
import { labels, selector } from "./labels";
import { pod } from "./pod";
import { PlainObject } from "./plain-object";
import { claimSpec } from "./volumes";

/** What the rest of the definition has to do with a workload. */
export interface Surroundings {
  /** The volumes that several containers mount. */
  readonly shared: ReadonlySet<Volume>;
  /** Whether others connect to it before it is ready. */
  readonly reachedEarly: boolean;
}

/** The objects of a service: a StatefulSet where it has volumes of its own, otherwise a Deployment. */
export function workloadObjects(
  context: ObjectsContext,
  workload: Workload,
  { shared, reachedEarly }: Surroundings,
): PlainObject[] {
  const own = workload.mounts.map(({ volume }) => volume).filter((volume) => !shared.has(volume));
  const its = files(context, workload);
  const template = pod(context, workload, {
    files: its,
    shared: workload.mounts.map(({ volume }) => volume).filter((volume) => shared.has(volume)),
    restartPolicy: "Always",
    probe: workload.probe,
    stopGracePeriod: workload.stopGracePeriod,
    // A server that is told to listen on its own name finds it. The pods of a StatefulSet have names of their own.
    hostname: own.length === 0 && workload.replicas === undefined ? workload.name : undefined,
  });
  const metadata = meta(context, workload);
  const spec = {
    replicas: workload.replicas ?? 1,
    selector: { matchLabels: { ...selector(workload) } },
    template,
  };
  const headless = `${workload.name}-pods`;
  const controller: Deployment | StatefulSet =
    own.length === 0
      ? {
          apiVersion: "apps/v1",
          kind: "Deployment",
          metadata,
          spec: { ...spec, strategy: strategy(workload) },
        }
      : {
          apiVersion: "apps/v1",
          kind: "StatefulSet",
          metadata,
          spec: {
            ...spec,
            serviceName: headless,
            volumeClaimTemplates: own.map((volume) => ({
              metadata: { name: volume.node.id },
              spec: claimSpec(context, volume),
            })),
          },
        };
  return [
    ...its.objects,
    ...(workload.ports.length > 0
      ? [service(context, workload, workload.name, reachedEarly ? { publishNotReadyAddresses: true } : {})]
      : []),
    ...(own.length > 0 ? [service(context, workload, headless, { clusterIP: "None" })] : []),
    controller,
    ...((workload.replicas ?? 1) > 1 ? [disruptionBudget(context, workload)] : []),
  ];
}

/** One after the other: two of a kind would share a volume, a replication slot or a consumer group; and memory is short. */
function strategy({ replicas }: Workload): NonNullable<DeploymentSpec["strategy"]> {
  return replicas === undefined
    ? { type: "Recreate" }
    : { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
}

/** Its name is the workload's host name, the same as on Docker. */
function service(
  context: ObjectsContext,
  workload: Workload,
  name: string,
  spec: Pick<ServiceSpec, "clusterIP" | "publishNotReadyAddresses">,
): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...meta(context, workload), name },
    spec: {
      ...spec,
      selector: { ...selector(workload) },
      ports: workload.ports.map((port) => ({
        name: port.name,
        port: port.number,
        targetPort: port.number,
        protocol: "TCP",
      })),
    },
  };
}

/** A node may be drained as long as all but one are there. */
function disruptionBudget(context: ObjectsContext, workload: Workload): PodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: meta(context, workload),
    spec: { maxUnavailable: 1, selector: { matchLabels: { ...selector(workload) } } },
  };
}

function meta(context: ObjectsContext, workload: Workload) {
  return {
    name: workload.name,
    namespace: context.namespace,
    labels: { ...labels(context, workload) },
  };
}
