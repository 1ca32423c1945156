import { dependable, Fn, ITerraformDependable, TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { Container, Secret } from "../../workload";
import { Secrets } from "../common";
import { DeliveredImages, Delivery } from "./delivery";
import { kubernetesObjects, Objects, ObjectsContext } from "./objects";
import { KubernetesStack } from "./stack";
import { Renderer } from "./terraform/renderer";

/** Properties of {@link KubernetesPlatform}. */
export interface KubernetesPlatformProps {
  /** The definition to render: every workload, job, volume, image and secret below it. */
  readonly definition: Construct;
  /** The namespace that is made for it. */
  readonly namespace: string;
  /** How images that are built get to the nodes. */
  readonly delivery: Delivery;
  /** Whether published ports answer on the nodes, for kind to map them to the host. */
  readonly hostPorts: boolean;
  /**
   * The class of volumes.
   * @default - the cluster's default
   */
  readonly storageClass?: string;
  /**
   * Whether pods run. Without them, namespace, volumes, files and passwords stay.
   * @default true
   */
  readonly running?: boolean;
}

/** Kinds of objects that make pods. */
const CONTROLLERS: ReadonlySet<string | undefined> = new Set(["Deployment", "StatefulSet", "Job"]);

/** Renders a definition as resources of the Kubernetes provider. */
export class KubernetesPlatform {
  constructor(stack: KubernetesStack, props: KubernetesPlatformProps) {
    const secrets = new Secrets(stack);
    const images = new DeliveredImages(stack, props.delivery);
    for (const construct of props.definition.node.findAll()) {
      if (construct instanceof Secret) secrets.password(construct);
    }
    secrets.output();

    const context: ObjectsContext = {
      namespace: props.namespace,
      managedBy: "terraform",
      image: (image) => images.name(image),
      fillIn: (text) => secrets.fillIn(text),
      // The hash of long passwords tells nothing of them, so it may be seen in plans.
      hash: (used) => {
        const values = used.map((secret) => secrets.password(secret).result);
        return Fn.nonsensitive(Fn.sha256(Fn.join(",", values))) as string;
      },
      storageClass: props.storageClass,
    };
    const objects = kubernetesObjects(context, props.definition, props.hostPorts);
    const renderer = new Renderer(stack, objects.namespace);
    const common = objects.common.map((object) => renderer.render(object));
    const delivered = images.deliver(renderer.namespaceUid);
    this.renderContainers(renderer, objects.containers, props.running ?? true, [delivered, ...common]);
  }

  /** @param before what every pod waits for */
  private renderContainers(
    renderer: Renderer,
    containers: Objects["containers"],
    running: boolean,
    before: readonly ITerraformDependable[],
  ): void {
    /** What makes pods; it is there when the workload is ready, or the job has succeeded. */
    const controllers = new Map<Container, TerraformResource[]>();
    for (const [container, objects] of containers) {
      const needed = objects
        .filter(({ kind }) => !CONTROLLERS.has(kind))
        .map((each) => renderer.render(each));
      if (!running) continue;
      const made = objects.filter(({ kind }) => CONTROLLERS.has(kind)).map((each) => renderer.render(each));
      for (const resource of made) resource.dependsOn = [...before, ...needed].map(dependable);
      controllers.set(container, made);
    }
    // The start order, once everything that can be waited for exists.
    for (const [container, made] of controllers) {
      const awaited = container.startsAfter.flatMap((each) => controllers.get(each) ?? []);
      for (const resource of made) {
        resource.dependsOn = [...new Set([...(resource.dependsOn ?? []), ...awaited.map(dependable)])];
      }
    }
  }
}
