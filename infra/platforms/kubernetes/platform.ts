import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { dependable, Fn, ITerraformDependable, TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { Container, Secret } from "../../workload";
import { Secrets } from "../common";
import { DeliveredImages, Delivery } from "./delivery";
import { containersOf, kubernetesObjects, ObjectsContext, PlainObject } from "./objects";
import { KubernetesStack } from "./stack";
import { resourceOf } from "./terraform/mapper";

/** What a {@link KubernetesPlatform} needs to know. */
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
const CONTROLLERS = new Set(["Deployment", "StatefulSet", "Job"]);

/** Renders a definition as resources of the Kubernetes provider. */
export class KubernetesPlatform {
  constructor(stack: KubernetesStack, props: KubernetesPlatformProps) {
    const { definition } = props;
    const secrets = new Secrets(stack);
    const images = new DeliveredImages(stack, props.delivery);
    for (const construct of definition.node.findAll()) {
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
    const objects = kubernetesObjects(context, definition, props.hostPorts);
    const namespace = this.render(stack, objects.namespace) as NamespaceV1;
    // By its name, everything is made after the namespace and gone before it.
    const render = (object: PlainObject, dependsOn: ITerraformDependable[] = []): TerraformResource => {
      const resource = this.render(stack, object);
      resource.addOverride("metadata.namespace", `\${${namespace.fqn}.metadata[0].name}`);
      resource.dependsOn = dependsOn.map(dependable);
      return resource;
    };
    const common = objects.common.map((object) => render(object));
    const delivered = images.deliver(namespace.metadata.uid);

    const running = props.running ?? true;
    /** What to wait for until a workload is ready or a job has succeeded. */
    const done = new Map<Container, ITerraformDependable[]>();
    const controllers: {
      container: Container;
      resource: TerraformResource;
      before: ITerraformDependable[];
    }[] = [];
    for (const container of containersOf(definition)) {
      const own = objects.containers.get(container) ?? [];
      const before = own.filter(({ kind }) => !CONTROLLERS.has(kind ?? "")).map((object) => render(object));
      if (!running) continue;
      const made = own.filter(({ kind }) => CONTROLLERS.has(kind ?? "")).map((object) => render(object));
      done.set(container, made);
      for (const resource of made) controllers.push({ container, resource, before });
    }
    // The start order, once everything that can be waited for exists.
    for (const { container, resource, before } of controllers) {
      const awaited = container.startsAfter.flatMap((each) => done.get(each) ?? []);
      resource.dependsOn = [...new Set([delivered, ...common, ...before, ...awaited].map(dependable))];
    }
  }

  private render(stack: KubernetesStack, object: PlainObject): TerraformResource {
    const { kind = "", metadata } = object;
    // Jobs carry a hash in their names: as a resource, a new one takes the place of the one before.
    const name =
      kind === "Job" ? (metadata?.labels?.["app.kubernetes.io/name"] ?? "") : (metadata?.name ?? "");
    const resource = resourceOf(stack, `${kind}-${name}`, object);
    resource.overrideLogicalId(name);
    return resource;
  }
}
