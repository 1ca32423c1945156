import { setTimeout as sleep } from "node:timers/promises";
import type { DockerFault } from "./scene";

const USERS = 3000;
/** Milliseconds that a server is away. */
const AWAY = 60_000;

/** Stops an app as `docker stop` does, in the midst of its work, and starts it again at once. */
function stopped(service: string): DockerFault {
  return {
    id: `${service}-stopped`,
    title: `${service} stopped politely`,
    goal: 30,
    async act({ containers, load }) {
      await load.burst(USERS);
      await containers.stop(service);
      await containers.start(service);
    },
  };
}

/** Services that go and come back, by somebody's wish. */
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
      // Without a restart, none of them would notice: they know the schemas they have met.
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
