import { setTimeout as sleep } from "node:timers/promises";
import type { DockerFault } from "./scene";

/** Users in flight when a process is killed. */
const IN_FLIGHT = 3000;
/** Milliseconds after their commit: the first have been published by then, and the last have not. */
const PUBLISHED = 300;
/** The same for Cassandra, which must have acknowledged some just before. */
const STORED = 1500;

/** Kills the main processes of services while users are in flight. */
function killed(
  id: string,
  title: string,
  goal: number,
  services: readonly string[],
  delay = PUBLISHED,
): DockerFault {
  return {
    id,
    title: `${title} killed`,
    goal,
    async act({ containers, load }) {
      await load.burst(IN_FLIGHT);
      await sleep(delay);
      await containers.kill(...services);
    },
  };
}

/** Processes that end without a word; the engine starts them again. */
export const KILLED: readonly DockerFault[] = [
  killed("broker-killed", "broker, mid-produce,", 60, ["broker"]),
  killed("zookeeper-broker-killed", "ZooKeeper and broker", 90, ["zookeeper", "broker"]),
  killed("worker-killed", "Spark worker", 120, ["spark-worker-1"]),
  killed("driver-killed", "Spark driver", 120, ["spark-stream"]),
  killed("master-killed", "Spark master", 120, ["spark-master"]),
  killed("postgres-killed", "PostgreSQL", 60, ["postgres"]),
  killed("cassandra-killed", "Cassandra", 90, ["cassandra"], STORED),
  killed("producer-killed", "producer, mid-batch,", 30, ["producer"]),
  killed("sink-killed", "sink, mid-batch,", 30, ["sink"], STORED),
];
