import { Container as ContainerResource } from "@cdktf/provider-docker/lib/container";
import { DataResource } from "cdktf";
import { Job } from "../../workload";
import { PROJECT } from "../common";
import { commonConfig, uploadFiles } from "./container";
import { Rendering } from "./rendering";

/** Tells the resource of a job's container from the check of the same job. */
export const JOB_CONTAINER_SUFFIX = "-run";

/** Renders a job's container: it counts as created when it has run to its end, however that went. */
export function jobContainer(rendering: Rendering, job: Job): ContainerResource {
  const common = commonConfig(rendering, job, job.name);
  const servers = job.connections.flatMap(({ server }) => rendering.containers.get(server) ?? []);
  const resource = new ContainerResource(rendering.stack, job.name, {
    ...common,
    attach: true,
    mustRun: false,
    restart: "no",
    // A new server may have an empty volume: the job is part of making it.
    labels: [
      ...common.labels,
      ...servers.map((server, i) => ({ label: `${PROJECT}.server.${i}`, value: server.id })),
    ],
  });
  uploadFiles(rendering, job, resource);
  resource.overrideLogicalId(`${job.name}${JOB_CONTAINER_SUFFIX}`);
  return resource;
}

/**
 * Shows the log of a job and fails unless the job has succeeded: the provider ignores exit codes. The container of a failed
 * job is removed, so that the next apply runs it again. The check itself fails when the engine does not answer, and the
 * next apply asks again.
 */
export function jobCheck({ stack }: Rendering, job: Job, container: ContainerResource): DataResource {
  const script = [
    `set -eu`,
    `docker logs "$CONTAINER" 2>&1`,
    `ended=$(docker inspect --format '{{.State.Status}} {{.State.ExitCode}}' "$CONTAINER")`,
    // A container that the engine could not start has exit code 0, too.
    `if [ "$ended" != "exited 0" ]; then`,
    `  echo "The job $CONTAINER failed ($ended). Its log is above; the next deploy runs it again." >&2`,
    `  docker rm --force --volumes "$CONTAINER" >/dev/null`,
    `  exit 1`,
    `fi`,
  ].join("\n");
  const check = new DataResource(stack, `${job.name}-check`, {
    triggersReplace: { container: container.id },
    provisioners: [{ type: "local-exec", command: script, environment: { CONTAINER: container.name } }],
  });
  check.overrideLogicalId(job.name);
  return check;
}
