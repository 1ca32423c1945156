import { PROJECT } from "../../infra/platforms/common";
import { Parts } from "./definition";

/** One value of the chart. */
export interface Value {
  /** Where it stands in values.yaml. */
  readonly path: readonly string[];
  readonly default: string | number | boolean;
  /** For people; without a full stop. */
  readonly description: string;
  /** What values.schema.json allows, in the words of JSON Schema. */
  readonly allowed: object;
}

/** As infra/settings/schema.ts has it. */
const MOST_WORKERS = 16;

/** Every value of the chart, in the order of values.yaml. */
export function valuesOf({ images, secrets, volumes, workloads }: Parts): Value[] {
  return [
    {
      path: ["image", "registry"],
      default: "",
      description: "Before the names of all images: HOST[:PORT][/PATH]; nothing where nodes have the images",
      allowed: { type: "string", pattern: "^([a-z0-9][a-z0-9._:/-]*[a-z0-9])?$" },
    },
    {
      path: ["image", "pullPolicy"],
      default: "IfNotPresent",
      description: "When nodes pull: IfNotPresent, Always or Never",
      allowed: { enum: ["IfNotPresent", "Always", "Never"] },
    },
    ...images.flatMap(({ node: { id } }): Value[] => [
      {
        path: ["images", id, "repository"],
        default: `${PROJECT}/${id}`,
        description: `The name of the image ${id}`,
        allowed: { type: "string", minLength: 1 },
      },
      {
        path: ["images", id, "tag"],
        default: "",
        description: "Its tag; without one, the chart's appVersion",
        allowed: { type: "string", pattern: "^([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?$" },
      },
    ]),
    ...secrets.map(
      ({ node: { id }, length }): Value => ({
        path: ["passwords", id],
        default: "",
        description: `${length} letters and digits; without them, they are generated once and kept`,
        allowed: { type: "string", pattern: `^([A-Za-z0-9]{${length}})?$` },
      }),
    ),
    {
      path: ["storageClass"],
      default: "",
      description: "The class of volumes; without one, the cluster's default",
      allowed: { type: "string" },
    },
    ...volumes.map(
      ({ node: { id }, size }): Value => ({
        path: ["volumes", id],
        default: `${size}Gi`,
        description: `The size of ${id}: fixed once it is there`,
        allowed: { type: "string", pattern: "^[1-9][0-9]*(Mi|Gi|Ti)$" },
      }),
    ),
    {
      path: ["replicas", "spark-worker"],
      default: 1,
      description: `Spark workers, up to ${MOST_WORKERS}; their cores follow from it, so that any one of several may be lost`,
      allowed: { type: "integer", minimum: 1, maximum: MOST_WORKERS },
    },
    ...workloads.map(
      ({ node: { id }, memory }): Value => ({
        path: ["memory", id],
        default: memory,
        description: `MiB that ${id} may use, ${memory} or more, for which it is configured; half of it is requested`,
        allowed: { type: "integer", minimum: memory },
      }),
    ),
    {
      path: ["hostPorts"],
      default: false,
      description:
        "Whether published ports answer on the nodes, from 30000 on: for kind, which maps them to the host",
      allowed: { type: "boolean" },
    },
  ];
}
