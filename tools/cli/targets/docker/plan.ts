import { readFileSync } from "node:fs";
import { join } from "node:path";
import { JOB_CONTAINER_SUFFIX } from "../../../../infra/platforms/docker/job";
import { EngineObject } from "../../preflight/engine";
import { WantedContainer } from "../../preflight/memory";

/** Needs of a synthesized stack on the engine. */
export interface Plan {
  /** Containers of services, without the short-lived jobs. */
  readonly containers: readonly WantedContainer[];
  /** Names of all containers, including jobs, and of networks and volumes. */
  readonly names: Readonly<Record<EngineObject, readonly string[]>>;
}

interface Configuration {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
}

interface Attributes {
  readonly name: string;
  readonly memory?: number;
  readonly must_run?: boolean;
  readonly upload?: readonly { readonly file: string; readonly content: string }[];
}

/** Reads the needs of a stack from its Terraform configuration. */
export function readPlan(directory: string): Plan {
  const { resource = {} } = readConfiguration(directory);
  const all = (type: string) => Object.values(resource[type] ?? {});
  const named = (type: string) => all(type).map(({ name }) => name);
  return {
    containers: all("docker_container")
      .filter(({ must_run }) => must_run !== false)
      .map(({ name, memory = 0 }) => ({ name, memory })),
    names: {
      container: named("docker_container"),
      network: named("docker_network"),
      volume: named("docker_volume"),
    },
  };
}

/** Reads a file of a job from the stack, by its path in the container. */
export function readJobFile(directory: string, job: string, path: string): string {
  const container = readConfiguration(directory).resource?.["docker_container"]?.[job + JOB_CONTAINER_SUFFIX];
  const file = container?.upload?.find(({ file }) => file === path);
  if (file === undefined) throw new Error(`the job ${job} in ${directory} has no file ${path}`);
  return file.content;
}

function readConfiguration(directory: string): Configuration {
  return JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")) as Configuration;
}
