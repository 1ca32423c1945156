import type { PodTemplateSpec } from "kubernetes-types/core/v1";
import { Container, Probe, Volume, Workload } from "../../../workload";
import { ObjectsContext } from "./context";
import { Files } from "./files";
import { Labels, labels, volumeLabel } from "./labels";
import { probes } from "./probes";
import { sameNode } from "./volumes";

/** What containers ask the scheduler for: most of the time they wait. There is no limit, which would slow down their start. */
const CPU_REQUEST = "25m";
/** What containers hold resident in practice, as a share of their limits: see docs/performance.md. */
const RESIDENT_SHARE = 0.5;

/** What a pod is made of, besides its container. */
export interface PodParts {
  readonly files: Files;
  /** Volumes of the container that other pods mount too. */
  readonly shared: readonly Volume[];
  readonly restartPolicy: "Always" | "Never";
  /** @default - not asked */
  readonly probe?: Probe;
  /** Seconds. */
  readonly stopGracePeriod: number;
  /** @default - the pod's name */
  readonly hostname?: string;
}

/** The pod of a container, as the "restricted" pod security standard wants it. */
export function pod(context: ObjectsContext, container: Container, parts: PodParts): PodTemplateSpec {
  const { files, shared, probe } = parts;
  const { uid, gid } = container.user;
  const ports = container instanceof Workload ? container.ports : [];
  return {
    metadata: {
      labels: shared.reduce<Labels>(
        (all, volume) => ({ ...all, ...volumeLabel(volume) }),
        labels(context, container),
      ),
      ...(Object.keys(files.annotations).length > 0 && { annotations: { ...files.annotations } }),
    },
    spec: {
      ...(parts.hostname !== undefined && { hostname: parts.hostname }),
      restartPolicy: parts.restartPolicy,
      terminationGracePeriodSeconds: parts.stopGracePeriod,
      // Nothing here talks to the cluster; and variables for every service would be taken for settings (KAFKA_PORT).
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: uid,
        runAsGroup: gid,
        fsGroup: gid,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
      ...sameNode(shared),
      containers: [
        {
          name: container.node.id,
          image: context.image(container.image),
          imagePullPolicy: "IfNotPresent",
          ...(container.command !== undefined && { args: container.command.map(literal) }),
          env: [...container.env]
            .map(([name, value]) => ({ name, value: literal(value) }))
            .sort((a, b) => a.name.localeCompare(b.name)),
          ...(ports.length > 0 && {
            ports: ports.map(({ name, number }) => ({ name, containerPort: number, protocol: "TCP" })),
          }),
          ...(probe !== undefined && probes(probe)),
          resources: {
            requests: { cpu: CPU_REQUEST, memory: `${Math.round(container.memory * RESIDENT_SHARE)}Mi` },
            limits: { memory: `${container.memory}Mi` },
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            // As the pod's; the Terraform provider would say false where nothing is said.
            runAsNonRoot: true,
          },
          volumeMounts: [
            ...container.mounts.map(({ volume, path }) => ({
              name: volume.node.id,
              mountPath: path,
              // The root of a disk has a folder of its own, lost+found, which not every server puts up with.
              subPath: volume.node.id,
            })),
            ...files.mounts,
          ],
        },
      ],
      volumes: [
        ...shared.map(({ node: { id } }) => ({ name: id, persistentVolumeClaim: { claimName: id } })),
        ...files.volumes,
      ],
    },
  };
}

/** Text that Kubernetes leaves as it is: it would replace $(NAME), and $$ stands for $. */
function literal(text: string): string {
  return text.replaceAll(/\$(?=[$(])/g, "$$$$");
}
