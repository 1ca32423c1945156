import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RootConstruct } from "constructs";
import { stringify } from "yaml";
import { ImageSource } from "../../infra/images/source";
import { Pipeline } from "../../infra/pipeline";
import { kubernetesObjects } from "../../infra/platforms/kubernetes/objects";
import { resolveSettings } from "../../infra/settings";
import { ROOT } from "../cli/project";
import { type Tally } from "./check";
import { command } from "./command";
import { installLinters, linter } from "./python";

/** Supported versions of Kubernetes: the maintained ones, and older ones that are still common. */
export const VERSIONS = ["1.30", "1.31", "1.32", "1.33", "1.34"];

/** Validates the objects against the schemas of every supported version of Kubernetes. */
export async function validateObjects(): Promise<Tally> {
  return validateFiles((["build", "pull"] as const).map(writeObjects));
}

/** Validates files of objects against the schemas of every supported version; unknown fields are errors. */
export async function validateFiles(files: readonly string[]): Promise<Tally> {
  await installLinters();
  let failed = 0;
  for (const version of VERSIONS) {
    const args = ["--strict", "--quiet", "-k", version, ...files];
    if ((await command(linter("kubernetes-validate"), args)) !== 0) failed += 1;
  }
  return { passed: VERSIONS.length - failed, failed };
}

/** Writes the objects of the pipeline with placeholders for values known at deploy; returns the file. */
function writeObjects(imageSource: ImageSource): string {
  // Several workers, so that every kind of object occurs.
  const settings = resolveSettings({ workers: 2 });
  const pipeline = new Pipeline(new RootConstruct("root"), "pipeline", { settings, imageSource });
  const context = {
    namespace: "pipeline",
    managedBy: "terraform",
    image: ({ node }: { node: { id: string } }) => `example/${node.id}:1`,
    fillIn: () => "text",
    hash: () => "hash",
  };
  const { namespace, common, containers } = kubernetesObjects(context, pipeline, true);
  const objects = [namespace, ...common, ...[...containers.values()].flat()];
  const file = join(ROOT, `.build/kubernetes/${imageSource}.yaml`);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(
    file,
    objects.map((object) => stringify(object, { aliasDuplicateObjects: false })).join("---\n"),
  );
  return file;
}
