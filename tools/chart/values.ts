import { PROJECT } from "../../infra/platforms/common";
import { Parts } from "./definition";

/** One value of the chart. */
export interface Value {
  /** Path in values.yaml. */
  readonly path: readonly string[];
  readonly default: string | number | boolean;
  /** Description for users, without a full stop. */
  readonly description: string;
  /** Expected values as JSON Schema, for values.schema.json. */
  readonly allowed: object;
}

/** The same maximum as in infra/settings/schema.ts. */
const MOST_WORKERS = 16;

/** Every value of the chart, in the order of values.yaml. */
export function valuesOf({ images, secrets, volumes, workloads }: Parts): Value[] {
  return [
    {
      path: ["image", "registry"],
      default: "",
      description:
        "Registry in front of all image names: HOST[:PORT][/PATH]; empty if the nodes have the images",
      allowed: { type: "string", pattern: "^([a-z0-9][a-z0-9._:/-]*[a-z0-9])?$" },
    },
    {
      path: ["image", "pullPolicy"],
      default: "IfNotPresent",
      description: "Pull policy of the nodes: IfNotPresent, Always or Never",
      allowed: { enum: ["IfNotPresent", "Always", "Never"] },
    },
    ...images.flatMap(({ node: { id } }): Value[] => [
      {
        path: ["images", id, "repository"],
        default: `${PROJECT}/${id}`,
        description: `Name of the image ${id}`,
        allowed: { type: "string", minLength: 1 },
      },
      {
        path: ["images", id, "tag"],
        default: "",
        description: "Tag of the image; if empty, the chart's appVersion",
        allowed: { type: "string", pattern: "^([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?$" },
      },
    ]),
    ...secrets.map(
      ({ node: { id }, length }): Value => ({
        path: ["passwords", id],
        default: "",
        description: `Password of ${length} letters and digits; if empty, it is generated once and kept`,
        allowed: { type: "string", pattern: `^([A-Za-z0-9]{${length}})?$` },
      }),
    ),
    {
      path: ["storageClass"],
      default: "",
      description: "Storage class of volumes; if empty, the cluster's default",
      allowed: { type: "string" },
    },
    ...volumes.map(
      ({ node: { id }, size }): Value => ({
        path: ["volumes", id],
        default: `${size}Gi`,
        description: `Size of the volume ${id}; cannot be changed after it is created`,
        allowed: { type: "string", pattern: "^[1-9][0-9]*(Mi|Gi|Ti)$" },
      }),
    ),
    {
      path: ["replicas", "spark-worker"],
      default: 1,
      description: `Number of Spark workers, up to ${MOST_WORKERS}; it determines their cores, so that one of several workers may fail`,
      allowed: { type: "integer", minimum: 1, maximum: MOST_WORKERS },
    },
    ...workloads.map(
      ({ node: { id }, memory }): Value => ({
        path: ["memory", id],
        default: memory,
        description: `Memory limit of ${id} in MiB, at least ${memory}, for which it is configured; half of the limit is requested`,
        allowed: { type: "integer", minimum: memory },
      }),
    ),
    {
      path: ["hostPorts"],
      default: false,
      description:
        "Whether the nodes publish the ports, from 30000 on; for kind, which maps them to the host",
      allowed: { type: "boolean" },
    },
  ];
}
