import { setTimeout as sleep } from "node:timers/promises";
import type { DockerFault } from "./scene";

const USERS = 3000;
/** Duration of an outage in milliseconds. */
const AWAY = 60_000;

/** Stops an app gracefully (SIGTERM) under load, and restarts it immediately. */
function stopped(service: string): DockerFault {
  return {
    id: `${service}-stopped`,
    title: `${service} stopped gracefully`,
    goal: 30,
    async act({ containers, load }) {
      await load.burst(USERS);
      await containers.stop(service);
      await containers.start(service);
    },
  };
}

/** Services that are stopped and started on purpose. */
export const STOPPED: readonly DockerFault[] = [
  stopped("producer"),
  stopped("sink"),
  {
    id: "cassandra-away",
    title: "Cassandra away for 60 s",
    goal: 90,
    async act({ containers }) {
      await containers.stop("cassandra");
      await sleep(AWAY);
      await containers.start("cassandra");
    },
  },
  {
    id: "registry-away",
    title: "Schema Registry away for 60 s, producer and sink killed meanwhile",
    goal: 60,
    async act({ containers }) {
      await containers.stop("schema-registry");
      // Without a restart, the apps would use their cached schemas.
      await containers.kill("producer", "sink");
      await sleep(AWAY);
      await containers.start("schema-registry");
    },
  },
  {
    id: "power",
    title: "everything powered off and on again",
    goal: 180,
    async act({ containers, load }) {
      await load.burst(USERS);
      await containers.powerOn(await containers.powerOff());
    },
  },
];
