import execa from "execa";
import { type Tally } from "../checks/check";
import { containers } from "./services";

/**
 * Runs tests beside other tests that use the same servers. They fail when one of these servers was stopped meanwhile: a
 * test that stops a server starts one of its own.
 * @param servers names of the servers' containers; by default the test services
 */
export async function undisturbed(
  tests: () => Promise<Tally>,
  servers: readonly string[] = Object.values(containers),
): Promise<Tally> {
  const before = await Promise.all(servers.map(lifeOf));
  const tally = await tests();
  const after = await Promise.all(servers.map(lifeOf));
  const stopped = servers.filter((_, i) => before[i] !== after[i]);
  if (stopped.length === 0) return tally;
  console.error(
    `shared test servers were stopped while tests used them: ${stopped.join(", ")}; ` +
      "a test that stops a server starts one of its own, as apps/common/testing/broker-container.ts does",
  );
  return { ...tally, failed: tally.failed + 1 };
}

/** Whether a container runs, and since when: another answer later says that it was stopped. */
async function lifeOf(container: string): Promise<string> {
  const format = "{{.State.Status}} {{.State.StartedAt}}";
  return (await execa("docker", ["inspect", "--format", format, container])).stdout;
}
