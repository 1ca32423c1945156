import type { Secret as SecretObject } from "kubernetes-types/core/v1";
import { Pipeline } from "../../infra/pipeline";
import { kubernetesObjects, PlainObject } from "../../infra/platforms/kubernetes/objects";
import { commonLabels } from "../../infra/platforms/kubernetes/objects/labels";
import { Container, Job, Secret } from "../../infra/workload";
import { adjust, adjustClaim, jobTemplate } from "./adjust";
import { CHART, password } from "./context";
import { partsOf } from "./definition";
import { plain, templateText, text } from "./expressions";

/** The templates of a definition's objects, by the names of their files. */
export function templates(definition: Pipeline): Map<string, string> {
  const { common, containers } = kubernetesObjects(CHART, definition, true);
  const files = new Map([
    ["common.yaml", common.map((object) => commonTemplate(structuredClone(object))).join("")],
    ["passwords.yaml", documentOf(passwords(partsOf(definition).secrets))],
  ]);
  for (const [container, objects] of containers) {
    const own = objects.map((object) => template(container, structuredClone(object)));
    files.set(`${container.node.id}.yaml`, own.join(""));
  }
  return files;
}

function commonTemplate(object: PlainObject): string {
  if (object.kind === "PersistentVolumeClaim") adjustClaim(object.metadata!.name!, object.spec!);
  return documentOf(object);
}

function template(container: Container, object: PlainObject): string {
  adjust(container, object);
  if (object.kind === "Job" && container instanceof Job) {
    const name = jobTemplate(container);
    const spec = templateText(object.spec!);
    object.metadata!.name = `${container.name}-${text(`include \`${name}\` . | sha256sum | trunc 8`)}`;
    object.spec = plain(`include \`${name}\` . | nindent 2`);
    return `{{- define \`${name}\` -}}\n${spec}{{- end }}\n${documentOf(object)}`;
  }
  if (object.kind === "PodDisruptionBudget") {
    return conditional(`gt (int (index .Values.replicas \`${container.node.id}\`)) 1`, object);
  }
  if (object.kind === "Service" && object.spec!.type === "NodePort") {
    return conditional(".Values.hostPorts", object);
  }
  return documentOf(object);
}

function documentOf(object: PlainObject): string {
  return `---\n${templateText(object)}`;
}

function conditional(condition: string, object: PlainObject): string {
  return `{{- if ${condition} }}\n${documentOf(object)}{{- end }}\n`;
}

/** Every password, for the next upgrade to find: see pipeline.password. */
function passwords(secrets: readonly Secret[]): SecretObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "pipeline-passwords",
      namespace: CHART.namespace,
      labels: { ...commonLabels(CHART) },
      // The claims of the StatefulSets outlive the release, and their data knows these passwords.
      annotations: { "helm.sh/resource-policy": "keep" },
    },
    type: "Opaque",
    stringData: Object.fromEntries(secrets.map((secret) => [secret.node.id, text(password(secret))])),
  };
}
