import { RootConstruct } from "constructs";
import { Pipeline } from "../../infra/pipeline";
import { resolveSettings } from "../../infra/settings";
import { containersOf } from "../../infra/platforms/kubernetes/objects";
import { Container, Image, Secret, Volume, Workload } from "../../infra/workload";

/** The settings whose pipeline the chart installs. */
export const DEFAULTS = resolveSettings({});

/**
 * The pipeline of the chart. It has two workers, so that there is an object of every kind: what is there for several of them only
 * depends on a value. Both hold all of Spark's slots, as a single one does.
 */
export function chartDefinition(): Pipeline {
  const settings = { ...DEFAULTS, workers: 2 };
  return new Pipeline(new RootConstruct("root"), "pipeline", { settings, imageSource: "build" });
}

/** What of a definition the chart's values are about. */
export interface Parts {
  readonly containers: readonly Container[];
  readonly workloads: readonly Workload[];
  readonly images: readonly Image[];
  readonly volumes: readonly Volume[];
  readonly secrets: readonly Secret[];
}

/** Takes a definition apart. */
export function partsOf(definition: Pipeline): Parts {
  const containers = containersOf(definition);
  const constructs = definition.node.findAll();
  return {
    containers,
    workloads: containers.filter((container) => container instanceof Workload),
    // Those that others build on are not run.
    images: [...new Set(containers.map(({ image }) => image))],
    volumes: constructs.filter((construct) => construct instanceof Volume),
    secrets: constructs.filter((construct) => construct instanceof Secret),
  };
}
