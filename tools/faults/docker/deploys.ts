import type { DockerFault } from "./scene";

const USERS = 3000;

/** Makes things anew while users are on their way. */
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

/** Changes by Terraform under load. A deploy waits until what it has made is ready, so it is over when that is so. */
export const DEPLOYS: readonly DockerFault[] = [
  redeployed(
    "redeploy",
    "broker, Spark driver and worker, producer and sink made anew by a deploy",
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
