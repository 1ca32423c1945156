import { createInterface } from "node:readline";
import execa from "execa";
import { type Tally } from "../checks/check";
import { containers } from "./services";

/** Events of a container that its clients notice. */
const DISTURBANCES = ["die", "pause"];

/**
 * Runs tests beside other tests that use the same servers. They fail when one of these servers was stopped or paused
 * meanwhile: a test that stops a server starts one of its own.
 */
export async function undisturbed(tests: () => Promise<Tally>): Promise<Tally> {
  const options = [
    ...Object.values(containers).map((name) => `container=${name}`),
    ...DISTURBANCES.map((event) => `event=${event}`),
  ].flatMap((filter) => ["--filter", filter]);
  // Since now, and not since it has connected to the engine.
  const since = ["--since", String(Date.now() / 1000)];
  const format = ["--format", "{{.Actor.Attributes.name}}: {{.Action}}"];
  const events = execa("docker", ["events", ...since, ...options, ...format], {
    reject: false,
    buffer: false,
  });
  const seen: string[] = [];
  createInterface({ input: events.stdout! }).on("line", (line) => seen.push(line));
  const tally = await tests().finally(() => events.kill());
  await events;
  if (seen.length === 0) return tally;
  console.error(
    `shared test servers were stopped while tests used them: ${seen.join(", ")}; ` +
      "a test that stops a server starts one of its own, as apps/common/testing/broker-container.ts does",
  );
  return { ...tally, failed: tally.failed + 1 };
}
