import type { DockerFault } from "./scene";

const USERS = 3000;

/** Recreates resources while users are in flight. */
function redeployed(id: string, title: string, goal: number, ...addresses: readonly string[]): DockerFault {
  return {
    id,
    title,
    goal,
    async act({ load, redeploy }) {
      await load.burst(USERS);
      await redeploy(...addresses);
    },
  };
}

/** Changes by Terraform under load. A deploy ends when the resources that it created are ready. */
export const DEPLOYS: readonly DockerFault[] = [
  redeployed(
    "redeploy",
    "broker, Spark driver and worker, producer and sink recreated by a deploy",
    120,
    ...["broker", "spark-worker-1", "spark-stream", "producer", "sink"].map(
      (service) => `docker_container.${service}`,
    ),
  ),
  redeployed(
    "secrets",
    "passwords of producer and sink changed by a deploy",
    30,
    "random_password.postgres-producer-password",
    "random_password.cassandra-sink-password",
  ),
];
