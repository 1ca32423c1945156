import { setTimeout as sleep } from "node:timers/promises";
import execa from "execa";
import { Names } from "../../../infra/platforms/docker";
import { Progress } from "../console";
import { readDeployed } from "../deployed";
import { removeLeftovers } from "../leftovers";
import { assertReady } from "../preflight";
import { engineInfo } from "../preflight/engine";
import { prepareMachine } from "../prepare";
import { pipelineStack, settings, synth, UserError } from "../project";
import { anyUserStored, countStages, StageAccess } from "../stages";
import { summary } from "../summary";
import { Terraform } from "../terraform";

/** From whatever state the machine is in to users in Cassandra. Run again, it changes nothing. */
export async function up(): Promise<void> {
  let directory = await synth(pipelineStack());
  await assertReady(directory);
  const hadEngine = (await engineInfo()) !== undefined;
  await prepareMachine();
  // Only an engine can tell whether a container registry answers, which decides between pulling and building images.
  if (!hadEngine) directory = await synth(pipelineStack());
  const progress = new Progress();
  try {
    const terraform = new Terraform(directory);
    await terraform.init();
    await removeLeftovers(readDeployed(pipelineStack().stack), progress);
    await terraform.apply(progress);
    const access: StageAccess = { ports: settings().ports, passwords: await terraform.passwords() };
    await waitForUsers(access, progress);
    progress.stop();
    console.log(`\n${summary(settings(), access.passwords, await countStages(access))}`);
  } finally {
    progress.stop();
  }
}

/** Longer than a schedule of every minute takes to bring the first users, milliseconds. */
const SCHEDULED_RUN_WITHIN = 60_000;
const FIRST_USERS_WITHIN = 10 * 60_000;

/** Waits for users to be readable. Where the schedule has nobody fetched for a while, a run is started by hand. */
async function waitForUsers(access: StageAccess, progress: Progress): Promise<void> {
  const what = "first users in Cassandra";
  const began = Date.now();
  const waited = () => Date.now() - began;
  let triggered = false;
  progress.begin(what);
  while (!(await anyUserStored(access))) {
    if (!triggered && waited() > SCHEDULED_RUN_WITHIN) {
      triggered = true;
      await triggerRun(progress);
    }
    if (waited() > FIRST_USERS_WITHIN) {
      throw new UserError(
        "no user has reached Cassandra within 10 minutes; make status shows how far they came",
      );
    }
    await sleep(500);
  }
  progress.end(what, "readable");
}

async function triggerRun(progress: Progress): Promise<void> {
  const { schedule, namePrefix } = settings();
  progress.line(`the schedule (${schedule}) has not fetched users yet: starting a run by hand`);
  const webserver = new Names(namePrefix).container("airflow-webserver");
  await execa("docker", ["exec", webserver, "airflow", "dags", "trigger", "kafka_stream_dag"]);
}
