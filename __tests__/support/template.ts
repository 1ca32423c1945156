import { Testing } from "cdktf";
import { Construct } from "constructs";
import { DockerPlatform, DockerPlatformProps, DockerStack } from "../../infra/platforms/docker";

/** A resource as it stands in the synthesized configuration. */
export type Resource = Readonly<Record<string, unknown>>;

/** A synthesized stack, to ask what is in it. */
export class Template {
  /** Synthesizes a definition with the Docker platform. */
  static fromDefinition(
    define: (scope: Construct) => Construct,
    props: Omit<DockerPlatformProps, "definition"> = {},
  ): Template {
    const stack = new DockerStack(Testing.app(), "docker");
    new DockerPlatform(stack, { ...props, definition: define(stack) });
    return new Template(Testing.synth(stack));
  }

  private readonly configuration: { resource: Record<string, Record<string, Resource>> };

  constructor(readonly json: string) {
    this.configuration = JSON.parse(json) as typeof this.configuration;
  }

  /** The resources of a type, by their names. */
  resources(type: string): Record<string, Resource> {
    return this.configuration.resource[type] ?? {};
  }

  /** One resource. */
  resource(type: string, name: string): Resource {
    const resource = this.resources(type)[name];
    if (resource === undefined) {
      throw new Error(`no ${type} "${name}"; there are: ${Object.keys(this.resources(type)).join(", ")}`);
    }
    return resource;
  }

  /** One container. */
  container(name: string): Resource {
    return this.resource("docker_container", name);
  }
}
