import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { TerraformResource, TerraformStack } from "cdktf";
import { DEPLOYMENT_LABEL, deploymentId } from "../../common";
import { PlainObject } from "../objects";
import { resourceOf } from "./mapper";

/** Makes resources of a namespace and of the objects in it. */
export class Renderer {
  private readonly namespace: NamespaceV1;
  private readonly labels: Readonly<Record<string, string>>;

  constructor(
    private readonly stack: TerraformStack,
    namespace: PlainObject,
  ) {
    this.labels = { [DEPLOYMENT_LABEL]: deploymentId(stack) };
    this.namespace = this.resource(namespace) as NamespaceV1;
  }

  /** Changes with the cluster. */
  get namespaceUid(): string {
    return this.namespace.metadata.uid;
  }

  /** Makes a resource of an object in the namespace. */
  render(object: PlainObject): TerraformResource {
    const resource = this.resource(object);
    // By reference, so that everything is made after the namespace and gone before it.
    resource.addOverride("metadata.namespace", `\${${this.namespace.fqn}.metadata[0].name}`);
    return resource;
  }

  private resource(object: PlainObject): TerraformResource {
    const { kind = "", metadata } = object;
    const labelled = {
      ...object,
      metadata: { ...metadata, labels: { ...metadata?.labels, ...this.labels } },
    };
    // Jobs carry a hash in their names: as a resource, a new one takes the place of the one before.
    const name =
      kind === "Job" ? (metadata?.labels?.["app.kubernetes.io/name"] ?? "") : (metadata?.name ?? "");
    const resource = resourceOf(this.stack, `${kind}-${name}`, labelled);
    resource.overrideLogicalId(name);
    return resource;
  }
}
