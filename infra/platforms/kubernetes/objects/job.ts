import type { Job as JobObject } from "kubernetes-types/batch/v1";
import { createHash } from "node:crypto";
import { Job } from "../../../workload";
import { ObjectsContext } from "./context";
import { files } from "./files";
import { labels } from "./labels";
import { PlainObject } from "./plain-object";
import { pod } from "./pod";

/** So often is a job tried again by itself: on a new cluster, what it needs may need a moment. */
const RETRIES = 3;
/** Seconds after which a job that neither ends nor fails counts as failed. */
const DEADLINE = 600;

/** The objects of one-shot work. */
export function jobObjects(context: ObjectsContext, job: Job): PlainObject[] {
  const its = files(context, job);
  const template = pod(context, job, {
    files: its,
    shared: [],
    // Pods of failed attempts stay, with their logs.
    restartPolicy: "Never",
    stopGracePeriod: 30,
  });
  const object: JobObject = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      // A job cannot be changed: another content is another job.
      name: `${job.name}-${contentHash([template.spec, its.known])}`,
      namespace: context.namespace,
      labels: { ...labels(context, job) },
    },
    spec: { backoffLimit: RETRIES, activeDeadlineSeconds: DEADLINE, template },
  };
  return [...its.objects, object];
}

/** Of what is known now. What is known at deploy only has a stand-in, which says nothing and need not be the same twice. */
function contentHash(content: unknown): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 8);
}
