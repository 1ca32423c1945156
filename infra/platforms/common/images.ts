import { Image as ImageResource, ImageConfig } from "@cdktf/provider-docker/lib/image";
import { TerraformOutput, TerraformStack } from "cdktf";
import { BuiltImage, Image } from "../../workload";
import { BuildContext } from "./build-context";
import { PROJECT } from "./project";

/** The images that a definition uses, pulled or built by the engine. */
export class Images {
  private readonly resources = new Map<Image, ImageResource>();

  constructor(private readonly stack: TerraformStack) {}

  /** The resource that pulls an image, or builds it after those it builds on. */
  resource(image: Image): ImageResource {
    const present = this.resources.get(image);
    if (present !== undefined) return present;
    const resource = new ImageResource(this.stack, `image-${image.node.id}`, {
      ...(image instanceof BuiltImage ? this.build(image) : { name: image.tag }),
      // Another container may still use it; and the next deploy is faster.
      keepLocally: true,
    });
    resource.overrideLogicalId(image.node.id);
    this.resources.set(image, resource);
    return resource;
  }

  private build(image: BuiltImage): ImageConfig {
    const id = image.node.id;
    const context = new BuildContext(this.stack, `context-${id}`, image);
    const parents = Object.entries(image.parents).map(([argument, parent]) => [
      argument,
      typeof parent === "string" ? parent : this.resource(parent).name,
    ]);
    return {
      // The tag follows the content, so a changed input is a new image, and an unchanged one is never built again.
      name: `${PROJECT}/${id}:${image.tag}`,
      buildAttribute: {
        context: context.path,
        buildArgs: Object.fromEntries(parents) as Record<string, string>,
      },
    };
  }

  /** Makes images and hands their names out as the output `images`. */
  output(images: Readonly<Record<string, Image>>): void {
    const value: Record<string, string> = {};
    for (const [key, image] of Object.entries(images)) value[key] = this.resource(image).name;
    new TerraformOutput(this.stack, "output-images", { value }).overrideLogicalId("images");
  }
}
