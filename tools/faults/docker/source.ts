import { setTimeout as sleep } from "node:timers/promises";
import type { Deployment } from "../../proof/deployment";
import { eventually, run } from "../../proof/support";
import type { DockerFault, DockerScene } from "./scene";

const USERS = 500;
/** Users of a run that is interrupted: enough for it to be at work for some seconds. */
const MANY_USERS = 5000;
/** Milliseconds that the source is frozen: longer than the DAG waits for an answer. */
const SLOW = 60_000;
/** Airflow's pauses between tries grow to 2 minutes; a try that finds the source well again may be that far away. */
const GOAL = 240;

/** A run of the DAG, whose users must arrive in the end. */
class Run {
  private constructor(
    private readonly deployment: Deployment,
    private readonly users: number,
    private readonly seed: string,
  ) {}

  /** Notes the users while the source still answers. */
  static async announce({ deployment, expect }: DockerScene, users: number): Promise<Run> {
    const seed = `fault-${Date.now()}`;
    expect((await deployment.sourceUsers(users, seed)).map(({ login }) => login.uuid));
    return new Run(deployment, users, seed);
  }

  /** Starts it, and waits until its task that fetches users is in a state. */
  async triggerUntil(state: "running" | "up_for_retry"): Promise<void> {
    await this.deployment.trigger(this.users, this.seed);
    const query = `SELECT state FROM task_instance WHERE run_id = '${this.seed}' AND task_id = 'stage_users'`;
    const last = await eventually(
      () => this.deployment.sql("airflow", query),
      ([now]) => now === state,
    );
    if (last[0] !== state)
      throw new Error(`run ${this.seed} did not reach its state: got ${last[0]}; expected ${state}`);
  }
}

/** What answers in the place of the source, as a program for Node.js. */
const ANSWERS = {
  busy: `response.writeHead(429, { "retry-after": "1" }).end("too many requests")`,
  garbage: `response.writeHead(200, { "content-type": "application/json" }).end('{"results": [{"login": {"uu')`,
};

/** Has a run meet something else in the place of the source, until a try has failed. */
function replaced(id: string, title: string, answer: string): DockerFault {
  return {
    id,
    title,
    goal: GOAL,
    async act(scene) {
      const { containers } = scene;
      const fetching = await Run.announce(scene, USERS);
      await containers.stop("random-user-api");
      const server = `require("node:http").createServer((request, response) => { ${answer} }).listen(8080)`;
      const image = await containers.image("random-user-api");
      const place = containers.placeOf("random-user-api");
      const options = ["--detach", "--rm", "--init", ...place, "--entrypoint", "node"];
      const stranger = await run("docker", "run", ...options, image, "-e", server);
      try {
        await fetching.triggerUntil("up_for_retry");
      } finally {
        await run("docker", "stop", stranger);
        await containers.start("random-user-api");
      }
    },
  };
}

/** What can happen where users come from: the source's API, and Airflow, which asks it. */
export const SOURCE: readonly DockerFault[] = [
  {
    id: "scheduler-killed",
    title: "Airflow scheduler killed mid-task",
    goal: GOAL,
    async act(scene) {
      const fetching = await Run.announce(scene, MANY_USERS);
      await fetching.triggerUntil("running");
      await scene.containers.kill("airflow-scheduler");
    },
  },
  {
    id: "source-away",
    title: "source of users away until a run has failed",
    goal: GOAL,
    async act(scene) {
      const fetching = await Run.announce(scene, USERS);
      await scene.containers.stop("random-user-api");
      await fetching.triggerUntil("up_for_retry");
      await scene.containers.start("random-user-api");
    },
  },
  {
    id: "source-slow",
    title: "source of users gives no answer for 60 s",
    goal: GOAL,
    async act(scene) {
      const fetching = await Run.announce(scene, USERS);
      await scene.containers.freeze("random-user-api");
      await fetching.triggerUntil("running");
      await sleep(SLOW);
      await scene.containers.thaw("random-user-api");
    },
  },
  replaced("source-busy", "source of users answers 429 until a run has failed", ANSWERS.busy),
  replaced("source-garbage", "source of users answers half a record until a run has failed", ANSWERS.garbage),
];
