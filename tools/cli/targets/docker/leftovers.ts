import execa from "execa";
import { DEPLOYMENT_LABEL } from "../../../../infra/platforms/common";
import { Names } from "../../../../infra/platforms/docker";
import { Progress } from "../../console";
import { NamedObject, objectsOf } from "../../preflight/engine";
import { settings } from "../../project";
import { Deployed, isRecorded } from "./deployed";

/**
 * Lists containers that an interrupted deploy created and did not record. They have the deployment's label and are missing
 * from its state. Their names would make Terraform fail.
 */
export async function leftovers(deployed: Deployed): Promise<NamedObject[]> {
  if (deployed.id === undefined) return [];
  const labelled = await objectsOf("container", `label=${DEPLOYMENT_LABEL}=${deployed.id}`);
  const unrecorded = labelled.filter((each) => !isRecorded(deployed, "container", each));
  const made = await Promise.all(unrecorded.map(isMadeByDeploy));
  return unrecorded.filter((_, i) => made[i]);
}

/**
 * Whether a deploy made a container, and not a person from an image that was committed from one of its containers: such an
 * image has the label, too. A deploy calls each container by its hostname.
 */
async function isMadeByDeploy({ id, name }: NamedObject): Promise<boolean> {
  const hostname = ["inspect", "--format", "{{.Config.Hostname}}", id];
  const { stdout } = await execa("docker", hostname, { reject: false });
  return new Names(settings().namePrefix).container(stdout) === name;
}

/** Removes the containers of {@link leftovers}, and reports those that an older version has left behind. */
export async function removeLeftovers(deployed: Deployed, progress: Progress): Promise<void> {
  for (const container of await leftovers(deployed)) {
    await removeContainer(container);
    progress.line(`${container.name}: left behind by an interrupted deploy, removed`);
  }
  for (const { name } of await olderLeftovers(deployed)) {
    progress.line(
      `${name}: not deployed by this checkout, kept; to remove it, run: docker rm --force --volumes ${name}`,
    );
  }
}

/** Removes a container with its anonymous volumes, which images declare. The pipeline's own volumes have names. */
export async function removeContainer({ id }: NamedObject): Promise<void> {
  await execa("docker", ["rm", "--force", "--volumes", id]);
}

/** Containers with the pipeline's label that neither the state records nor a deployment has marked. */
async function olderLeftovers(deployed: Deployed): Promise<NamedObject[]> {
  const { filter } = new Names(settings().namePrefix);
  const marked = new Set((await objectsOf("container", `label=${DEPLOYMENT_LABEL}`)).map(({ id }) => id));
  return (await objectsOf("container", filter)).filter(
    (each) => !marked.has(each.id) && !isRecorded(deployed, "container", each),
  );
}
