import { writeFileSync } from "node:fs";
import { App } from "cdktf";
import { IConstruct } from "constructs";
import { resolveSettings } from "../../infra/settings";
import { stacks } from "../../infra/stacks";
import { Job, Secret, Volume, Workload } from "../../infra/workload";
import { IMAGE_SOURCES, ROOT, stackFile, SynthesizedStack, TARGETS } from "./stacks";

/**
 * Writes the stacks of every target and image source, with default settings but for Confluent's Control Center, as JSON
 * files into a folder. It is a program, so that tests which only read the stacks load neither the definition nor the
 * providers' bindings.
 */
function main(folder: string): void {
  // The stack for Kubernetes names this file, which differs from machine to machine.
  delete process.env["KUBECONFIG"];
  for (const target of TARGETS) {
    for (const imageSource of IMAGE_SOURCES) {
      // Both Control Centers: the second one needs the official images.
      const settings = resolveSettings(imageSource === "pull" ? { controlCenter: "confluent" } : {});
      const app = new App({ outdir: folder, skipValidation: true });
      const stack = stacks[target](app, { settings, imageSource });
      stack.prepareStack();
      const configuration = withoutMetadata(stack.toTerraform());
      const synthesized: SynthesizedStack = {
        configuration,
        components: componentsOf(stack.node.findChild("pipeline"), configuration),
      };
      writeFileSync(stackFile(folder, target, imageSource), JSON.stringify(synthesized));
    }
  }
}

/** The configuration without cdktf's comments and without the path of this checkout. */
function withoutMetadata(configuration: unknown): SynthesizedStack["configuration"] {
  const json = JSON.stringify(configuration, (key, value: unknown) => (key === "//" ? undefined : value));
  return JSON.parse(json.replaceAll(ROOT, "CHECKOUT")) as SynthesizedStack["configuration"];
}

/** The component of each resource that belongs to one, by the address of the resource. */
function componentsOf(
  pipeline: IConstruct,
  { resource }: SynthesizedStack["configuration"],
): Record<string, string> {
  const componentOf = new Map(
    pipeline.node
      .findAll()
      .flatMap((construct) =>
        namesOf(construct).map((name) => [name, construct.node.scope!.node.id] as const),
      ),
  );
  const addresses = Object.entries(resource).flatMap(([type, resources]) =>
    // Images bear the names of components, and belong to none.
    type === "docker_image"
      ? []
      : Object.keys(resources).map((name) => ({ address: `${type}.${name}`, name })),
  );
  return Object.fromEntries(
    addresses.flatMap(({ address, name }) => {
      const component = componentOf.get(name);
      return component === undefined ? [] : [[address, component]];
    }),
  );
}

/** The names of the resources that both platforms make of a construct. */
function namesOf(construct: IConstruct): string[] {
  const { id } = construct.node;
  if (construct instanceof Workload) return [id, ...construct.containerNames, `${id}-pods`, `${id}-host`];
  if (construct instanceof Job) return [id, `${id}-run`];
  return construct instanceof Volume || construct instanceof Secret ? [id] : [];
}

main(process.argv[2]!);
