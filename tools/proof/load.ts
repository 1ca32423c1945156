import { setTimeout as sleep } from "node:timers/promises";
import { Stager } from "../bench/users";
import { settings } from "../cli/project";

/** Users that are staged all the time, some at once, until it is stopped; while PostgreSQL is away it waits. */
export class Load {
  private static readonly AT_ONCE = 20;
  private static readonly PAUSE_MS = 500;
  private readonly staged: string[] = [];
  private readonly running: Promise<void>;
  private stopped = false;

  /** @param passwords the generated passwords, by the ids of the secrets */
  constructor(private readonly passwords: Readonly<Record<string, string>>) {
    this.running = this.run();
  }

  /**
   * Ends it.
   * @returns the ids of the users whose commit was confirmed
   */
  async stop(): Promise<string[]> {
    this.stopped = true;
    await this.running;
    return this.staged;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.stage().catch(() => undefined);
      await sleep(Load.PAUSE_MS);
    }
  }

  private async stage(): Promise<void> {
    const stager = new Stager(settings().ports, this.passwords);
    await stager.connect();
    try {
      this.staged.push(...(await stager.stage(Load.AT_ONCE)));
    } finally {
      await stager.end();
    }
  }
}
