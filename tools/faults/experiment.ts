import { setTimeout as sleep } from "node:timers/promises";
import { Progress } from "../cli/console";
import { Load } from "../proof/load";
import type { Fault, Scene } from "./fault";
import type { Audit, Ledger } from "./ledger";

/** Milliseconds of load before a fault. */
const UNDISTURBED = 5_000;
/** Milliseconds that a user may be in flight during normal operation. */
const ON_ITS_WAY = 3_000;
/** Milliseconds without a late user until the pipeline is treated as recovered, because some faults show late. */
const STEADY = 20_000;
/** Milliseconds between two queries for arrived users. */
const LOOK_EVERY = 250;
/** Milliseconds after which a user that has not arrived is treated as lost. */
const PATIENCE = 10 * 60_000;

/** Result of a fault. */
export interface Result extends Audit {
  readonly title: string;
  /** Seconds from the end of the fault until all users staged before it, and new users, had arrived. */
  readonly seconds: number;
  readonly goal: number;
  /** Number of records that must be set aside. */
  readonly expectedAside: number;
}

/**
 * Injects a fault under load, and audits every user.
 * @param sceneOf creates the scene of the fault from the load and a callback for users that the fault adds
 * @param passwords the generated passwords, by the ids of the secrets
 */
export async function experiment<S extends Scene>(
  fault: Fault<S>,
  sceneOf: (load: Scene["load"], expect: Scene["expect"]) => S,
  passwords: Readonly<Record<string, string>>,
  ledger: Ledger,
  progress: Progress,
): Promise<Result> {
  const { id, title, goal, setAside: expectedAside = 0 } = fault;
  const since = await ledger.mark();
  const expected = new Set<string>();
  const load = new Load(passwords);
  const scene = sceneOf(load, (ids) => ids.forEach((id) => expected.add(id)));
  progress.begin(id);
  try {
    await sleep(UNDISTURBED);
    await fault.act(scene);
    const over = Date.now();
    const seconds = ((await recovery(load, expected, ledger, over)) - over) / 1000;
    for (const id of await load.stop()) expected.add(id);
    const audit = await ledger.settled(since, expected);
    progress.end(id, outcome(seconds, audit));
    return { title, goal, seconds, expectedAside, ...audit };
  } finally {
    await load.stop();
    await fault.tidy?.(scene);
  }
}

/** Formats the outcome for the progress line: a whole suite takes most of an hour. */
function outcome(seconds: number, { sent, missing, doubled, setAside }: Audit): string {
  const counts = `${sent} sent, ${missing} missing, ${doubled} doubled, ${setAside} aside`;
  return `recovered after ${seconds.toFixed(0)} s: ${counts},`;
}

/**
 * Waits until no user has been late for a while, and a user staged after the fault has arrived.
 * @returns the time of recovery in milliseconds since the epoch
 */
async function recovery(
  load: Load,
  expected: ReadonlySet<string>,
  ledger: Ledger,
  over: number,
): Promise<number> {
  const waiting = new Map([...expected].map((id) => [id, 0]));
  let taken = 0;
  let newest = 0;
  let well = over;
  while (Date.now() < over + PATIENCE) {
    for (const { id, at } of load.confirmed.slice(taken)) waiting.set(id, at);
    taken = load.confirmed.length;
    const arrived = await arrivedOf(ledger, [...waiting.keys()]);
    for (const id of arrived) {
      newest = Math.max(newest, waiting.get(id) ?? 0);
      waiting.delete(id);
    }
    const now = Date.now();
    if (newest <= over || [...waiting.values()].some((at) => at < now - ON_ITS_WAY)) well = now;
    else if (now - well > STEADY) return well;
    await sleep(LOOK_EVERY);
  }
  return Date.now();
}

/** Returns the users that Cassandra has; none while Cassandra is unavailable. */
async function arrivedOf(ledger: Ledger, ids: readonly string[]): Promise<ReadonlySet<string>> {
  try {
    return new Set((await ledger.versions(ids)).keys());
  } catch {
    await ledger.reconnect();
    return new Set();
  }
}
