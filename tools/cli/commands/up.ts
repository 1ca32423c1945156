import { setTimeout as sleep } from "node:timers/promises";
import { Progress } from "../console";
import { UserError } from "../errors";
import { assertReady } from "../preflight";
import { engineInfo } from "../preflight/engine";
import { settings, synth } from "../project";
import { anyUserStored, countStages, StageAccess } from "../stages";
import { summary } from "../summary";
import { Target } from "../targets";
import { Terraform } from "../terraform";

/** From whatever state the machine is in to users in Cassandra. Run again, it changes nothing. */
export async function up(target: Target): Promise<void> {
  let directory = await synth(target.stack());
  await assertReady(target, directory);
  const hadEngine = (await engineInfo()) !== undefined;
  await target.prepare();
  // Only an engine can tell whether a container registry answers, which decides between pulling and building images.
  if (!hadEngine) directory = await synth(target.stack());
  const progress = new Progress();
  try {
    const terraform = new Terraform(directory, target);
    await terraform.init();
    await target.beforeApply(progress);
    await terraform.apply(progress);
    await target.afterApply(progress);
    const access: StageAccess = { ports: settings().ports, passwords: await terraform.passwords() };
    const counts = await target.withPorts(async () => {
      await waitForUsers(access, progress);
      return countStages(access);
    });
    progress.stop();
    console.log(`\n${summary(target, access.passwords, counts)}`);
  } finally {
    progress.stop();
  }
}

/** Airflow fetches every minute by default; the first run may have to wait for its minute. */
const FIRST_USERS_WITHIN = 10 * 60_000;

async function waitForUsers(access: StageAccess, progress: Progress): Promise<void> {
  const what = "first users in Cassandra";
  const deadline = Date.now() + FIRST_USERS_WITHIN;
  progress.begin(what);
  while (!(await anyUserStored(access))) {
    if (Date.now() > deadline) {
      throw new UserError(
        "no user has reached Cassandra within 10 minutes; make status shows how far they came",
      );
    }
    await sleep(500);
  }
  progress.end(what, "readable");
}
