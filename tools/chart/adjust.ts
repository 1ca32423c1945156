import type { PersistentVolumeClaimSpec, PodTemplateSpec } from "kubernetes-types/core/v1";
import { PlainObject } from "../../infra/platforms/kubernetes/objects";
import { Container, Job } from "../../infra/workload";
import { plain, text } from "./expressions";

/** What Terraform waits for, a job here tries: half an hour, with images to be pulled and servers to be started first. */
const RETRIES = 12;
const DEADLINE = 3600;

/** Puts the values' expressions in the places of what the definition says of a container. Changes the object. */
export function adjust(container: Container, object: PlainObject): void {
  if (object.kind === "Job") {
    object.spec!.backoffLimit = RETRIES;
    object.spec!.activeDeadlineSeconds = DEADLINE;
    adjustPullPolicy(object.spec!.template);
  }
  if (object.kind === "StatefulSet") {
    for (const { metadata, spec } of object.spec!.volumeClaimTemplates!) adjustClaim(metadata!.name!, spec!);
    adjustService(container, object.spec!.template);
  }
  if (object.kind === "Deployment") {
    if (container.node.id === "spark-worker") {
      object.spec!.replicas = plain("int (index .Values.replicas `spark-worker`)");
    }
    adjustService(container, object.spec!.template);
  }
}

/** The size of a volume. */
export function adjustClaim(volume: string, spec: PersistentVolumeClaimSpec): void {
  spec.resources = { requests: { storage: text(`index .Values.volumes \`${volume}\``) } };
}

/** The name of a template that has the specification of a job: its hash is a part of the job's name. */
export function jobTemplate({ name }: Job): string {
  return `pipeline.job.${name}`;
}

function adjustService({ node: { id } }: Container, template: PodTemplateSpec): void {
  adjustPullPolicy(template);
  const [container] = template.spec!.containers;
  const memory = `index .Values.memory \`${id}\``;
  container!.resources = {
    requests: { ...container!.resources!.requests, memory: `${text(`div (add1 (${memory})) 2`)}Mi` },
    limits: { memory: `${text(`int (${memory})`)}Mi` },
  };
  // Slots for each partition, which the workers share.
  if (id === "spark-worker") {
    const slots = container!.args!.indexOf("--cores") + 1;
    container!.args![slots] = coresPerWorker(container!.args![slots]!);
  }
  for (const variable of container!.env!) {
    if (variable.name === "EXECUTOR_CORES") variable.value = coresPerWorker(variable.value!);
  }
}

function coresPerWorker(slots: string): string {
  return text(`include \`pipeline.coresPerWorker\` (list . ${slots})`);
}

function adjustPullPolicy(template: PodTemplateSpec): void {
  template.spec!.containers[0]!.imagePullPolicy = text(".Values.image.pullPolicy");
}
