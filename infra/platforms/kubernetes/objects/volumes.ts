import type { PersistentVolumeClaim, PersistentVolumeClaimSpec, PodSpec } from "kubernetes-types/core/v1";
import { Container, Volume } from "../../../workload";
import { ObjectsContext } from "./context";
import { commonLabels, volumeLabel } from "./labels";

/** Which volumes several containers mount. The others are private to the one that mounts them. */
export function sharedVolumes(containers: readonly Container[]): ReadonlySet<Volume> {
  const seen = new Set<Volume>();
  const shared = new Set<Volume>();
  for (const { volume } of containers.flatMap((container) => container.mounts)) {
    if (seen.has(volume)) shared.add(volume);
    seen.add(volume);
  }
  return shared;
}

/** What a claim asks for. One node at a time may write: what every cluster can give. */
export function claimSpec({ storageClass }: ObjectsContext, volume: Volume): PersistentVolumeClaimSpec {
  return {
    accessModes: ["ReadWriteOnce"],
    ...(storageClass !== undefined && { storageClassName: storageClass }),
    resources: { requests: { storage: `${volume.size}Gi` } },
  };
}

/** The claim of a shared volume. */
export function claim(context: ObjectsContext, volume: Volume): PersistentVolumeClaim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name: volume.node.id,
      namespace: context.namespace,
      labels: { ...commonLabels(context) },
    },
    spec: claimSpec(context, volume),
  };
}

/** Has pods that share volumes run on one node, the only one that such a volume can be on. */
export function sameNode(shared: readonly Volume[]): Pick<PodSpec, "affinity"> {
  if (shared.length === 0) return {};
  return {
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: shared.map((volume) => ({
          topologyKey: "kubernetes.io/hostname",
          labelSelector: { matchLabels: { ...volumeLabel(volume) } },
        })),
      },
    },
  };
}
