import { DataResource, ITerraformDependable, TerraformStack } from "cdktf";
import { BuiltImage, Image, PulledImage } from "../../workload";
import { Images, PROJECT } from "../common";

/** How images that the engine has built get to the cluster's nodes: loaded by kind, or by way of a registry. */
export type Delivery =
  | { readonly cluster: string }
  /** A registry that both the engine and the nodes reach, with a path where it wants one: HOST[:PORT][/PATH]. */
  | { readonly registry: string };

/** The stacks of cdktf lie three folders below the project. */
const KIND = '"${path.root}/../../../tools/kind/kind"';

/** The images of a definition as nodes get them. */
export class DeliveredImages {
  private readonly built = new Map<BuiltImage, string>();
  private readonly engine: Images;

  constructor(
    private readonly stack: TerraformStack,
    private readonly delivery: Delivery,
  ) {
    this.engine = new Images(stack);
  }

  /** The name by which nodes know an image. They pull official ones themselves. */
  name(image: Image): string {
    if (image instanceof PulledImage) return image.reference;
    if (!(image instanceof BuiltImage)) throw new Error(`${image.node.path} is neither pulled nor built`);
    const name = `${PROJECT}/${image.node.id}:${image.tag}`;
    const delivered = "registry" in this.delivery ? `${this.delivery.registry}/${name}` : name;
    this.built.set(image, delivered);
    return delivered;
  }

  /**
   * Delivers every image whose name was asked for; again when one changes, or is to go elsewhere.
   * @param cluster changes with the cluster: a new one has no images
   * @returns what to wait for before a pod is made
   */
  deliver(cluster: string): ITerraformDependable {
    const images = [...this.built].map(([image, delivered]) => ({
      delivered,
      resource: this.engine.resource(image),
    }));
    const delivery = new DataResource(this.stack, "images-delivered", {
      triggersReplace: {
        cluster,
        images: Object.fromEntries(images.map(({ delivered, resource }) => [delivered, resource.imageId])),
      },
      provisioners: [
        {
          type: "local-exec",
          command: this.command(
            images.map(({ delivered, resource }) => ({ local: resource.name, delivered })),
          ),
          interpreter: ["bash", "-ec"],
        },
      ],
      dependsOn: images.map(({ resource }) => resource),
    });
    delivery.overrideLogicalId("images");
    return delivery;
  }

  private command(images: readonly { local: string; delivered: string }[]): string {
    // All at once: layers that they share are sent once, and those that the nodes have not at all.
    if ("cluster" in this.delivery) {
      const names = images.map(({ delivered }) => delivered).join(" ");
      // It tells of every image twice; what it says matters when it fails.
      return `said=$(${KIND} load docker-image --name ${this.delivery.cluster} ${names} 2>&1) || { echo "$said" >&2; exit 1; }`;
    }
    return images
      .map(({ local, delivered }) => `docker tag ${local} ${delivered} && docker push --quiet ${delivered}`)
      .join("\n");
  }
}
