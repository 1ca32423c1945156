import { setTimeout as sleep } from "node:timers/promises";
import { Progress } from "../console";
import { UserError } from "../errors";
import { assertReady } from "../preflight";
import { settings, synth } from "../project";
import { recordedDeploymentId } from "../state";
import { anyUserStored, countStages, StageAccess } from "../stages";
import { summary } from "../summary";
import { Target } from "../targets";
import { Terraform } from "../terraform";

/** Prepares the machine, deploys, and waits for the first users in Cassandra. Idempotent. */
export async function up(target: Target): Promise<void> {
  const directory = await synth(target.stack());
  await assertReady(target, directory);
  await target.prepare();
  const progress = new Progress();
  try {
    const terraform = new Terraform(directory, target);
    await terraform.init();
    await target.beforeApply(progress);
    if (recordedDeploymentId(target.stack().stack) === undefined) await terraform.createDeploymentId();
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

/** Timeout in milliseconds for the first users. By default Airflow fetches once a minute. */
const FIRST_USERS_WITHIN = 10 * 60_000;

async function waitForUsers(access: StageAccess, progress: Progress): Promise<void> {
  const what = "first users in Cassandra";
  const deadline = Date.now() + FIRST_USERS_WITHIN;
  progress.begin(what);
  while (!(await anyUserStored(access))) {
    if (Date.now() > deadline) {
      throw new UserError(
        "no user reached Cassandra within 10 minutes; to see where users stop, run: make status",
      );
    }
    await sleep(500);
  }
  progress.end(what, "readable");
}
