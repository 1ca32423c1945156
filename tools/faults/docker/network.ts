import { setTimeout as sleep } from "node:timers/promises";
import type { DockerFault } from "./scene";

/** Milliseconds that it lasts. */
const LASTS = 30_000;
/** Milliseconds that everything an app sends to the broker is late. */
const DELAY = 500;
const USERS = 1000;

function cut(app: string): DockerFault {
  return {
    id: `${app}-cut`,
    title: `network between ${app} and broker cut for 30 s`,
    goal: 30,
    async act({ network, load }) {
      await load.burst(USERS);
      await network.cut(app, "broker", () => sleep(LASTS));
    },
  };
}

function delayed(app: string): DockerFault {
  return {
    id: `${app}-delayed`,
    title: `500 ms between ${app} and broker for 30 s`,
    goal: 30,
    async act({ network, load }) {
      const broker = { service: "broker", port: 29092 };
      await network.delay(app, broker, DELAY, async () => {
        await load.burst(USERS);
        await sleep(LASTS);
      });
    },
  };
}

/** Connections to the broker that carry nothing, or carry it late. */
export const NETWORK: readonly DockerFault[] = ["producer", "sink"].flatMap((app) => [
  cut(app),
  delayed(app),
]);
