import { Testing } from "cdktf";
import { Construct } from "constructs";
import { Pipeline } from "../../infra/pipeline";
import {
  KubernetesPlatform,
  KubernetesPlatformProps,
  KubernetesStack,
} from "../../infra/platforms/kubernetes";
import { kubernetesObjects, ObjectsContext, PlainObject } from "../../infra/platforms/kubernetes/objects";
import { resolveSettings } from "../../infra/settings";
import { Secret } from "../../infra/workload";
import { Template } from "./template";

/** A context whose answers can be told apart and are the same every time. */
export const CONTEXT: ObjectsContext = {
  namespace: "pipeline",
  managedBy: "test",
  image: (image) => `test/${image.node.id}:1`,
  fillIn: ({ parts }) => parts.map((part) => (part instanceof Secret ? `<${part.node.id}>` : part)).join(""),
  hash: (secrets) => `hash of ${secrets.map(({ node }) => node.id).join(", ")}`,
};

/** Every plain object of a definition. */
export function objectsOf(definition: Construct, hostPorts = true): PlainObject[] {
  const { namespace, common, containers } = kubernetesObjects(CONTEXT, definition, hostPorts);
  return [namespace, ...common, ...[...containers.values()].flat()];
}

/** The pipeline with some settings, as a definition by itself. */
export function pipelineWith(scope: Construct, given: object = {}): Pipeline {
  return new Pipeline(scope, "pipeline", { settings: resolveSettings(given), imageSource: "build" });
}

/** One object of a kind, by its name. */
export function find<K extends PlainObject["kind"]>(
  objects: readonly PlainObject[],
  kind: K,
  name: string,
): Extract<PlainObject, { kind?: K }> {
  const found = objects.find((object) => object.kind === kind && object.metadata?.name === name);
  if (found === undefined) {
    const names = objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata?.name);
    throw new Error(`no ${kind} "${name}"; there are: ${names.join(", ")}`);
  }
  return found as Extract<PlainObject, { kind?: K }>;
}

/** Synthesizes a definition with the Kubernetes platform. */
export function kubernetesTemplate(
  define: (scope: Construct) => Construct,
  props: Partial<Omit<KubernetesPlatformProps, "definition">> = {},
): Template {
  const stack = new KubernetesStack(Testing.app(), "kind", { context: "kind-test" });
  new KubernetesPlatform(stack, {
    namespace: "pipeline",
    delivery: { cluster: "test" },
    hostPorts: true,
    ...props,
    definition: define(stack),
  });
  return new Template(Testing.synth(stack));
}
