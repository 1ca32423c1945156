import { setTimeout as sleep } from "node:timers/promises";
import { Stager } from "../bench/users";
import { settings } from "../cli/project";

/** A user whose commit PostgreSQL has confirmed. */
export interface Confirmed {
  readonly id: string;
  /** When it was confirmed, milliseconds since the epoch. */
  readonly at: number;
}

/** Users that are staged all the time, some at once, until it is stopped; while PostgreSQL is away it waits. */
export class Load {
  private static readonly AT_ONCE = 20;
  private static readonly PAUSE_MS = 500;
  /** In the order in which they were staged. */
  readonly confirmed: Confirmed[] = [];
  private readonly running: Promise<void>;
  private stopped = false;

  /** @param passwords the generated passwords, by the ids of the secrets */
  constructor(private readonly passwords: Readonly<Record<string, string>>) {
    this.running = this.run();
  }

  /** Stages many users in one transaction, beside the steady ones: what is in flight when something is killed. */
  async burst(count: number): Promise<void> {
    await this.withStager((stager) => this.stage(stager, count));
  }

  /**
   * Ends it.
   * @returns the ids of the users whose commit was confirmed
   */
  async stop(): Promise<string[]> {
    this.stopped = true;
    await this.running;
    return this.confirmed.map(({ id }) => id);
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.withStager(async (stager) => {
        await this.stage(stager, Load.AT_ONCE);
        await this.change(stager);
      }).catch(() => undefined);
      await sleep(Load.PAUSE_MS);
    }
  }

  private async stage(stager: Stager, count: number): Promise<void> {
    const ids = await stager.stage(count);
    const at = Date.now();
    this.confirmed.push(...ids.map((id) => ({ id, at })));
  }

  /** Changes a user staged before, who then has two versions on the way. */
  private async change(stager: Stager): Promise<void> {
    const changed = this.confirmed[Math.floor(Math.random() * this.confirmed.length)];
    if (changed !== undefined) await stager.change(changed.id, String(Date.now()));
  }

  private async withStager(use: (stager: Stager) => Promise<void>): Promise<void> {
    const stager = new Stager(settings().ports, this.passwords);
    await stager.connect();
    try {
      await use(stager);
    } finally {
      await stager.end();
    }
  }
}
