import { ConfigError } from "./config";
import type { Logger } from "./logging";

/** Exit code for a configuration that cannot be used (EX_CONFIG of sysexits.h). */
const EXIT_CONFIG = 78;
const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

/** Why a wait was cut short: the process is stopping. */
class StoppingError extends Error {
  override name = "StoppingError";
}

/**
 * Ends the process in order: at SIGTERM or SIGINT the steps run one after the other, the last registered first, within
 * the grace period; then the process exits with 0, or with 1 when a step failed or the time is over. A second signal
 * exits at once, an error nobody caught is logged and exits with 1.
 */
export class Shutdown {
  readonly #steps: { name: string; run: () => Promise<void> }[] = [];
  readonly #controller = new AbortController();

  /** @param graceMs longest time for all steps together, milliseconds */
  constructor(
    private readonly logger: Logger,
    private readonly graceMs: number,
  ) {
    for (const [signal, number] of Object.entries(SIGNALS)) {
      process.on(signal, () => {
        if (this.signal.aborted) process.exit(128 + number);
        logger.info({ signal }, "stopping");
        void this.#drain();
      });
    }
    const fatal = (err: unknown) => {
      logger.fatal({ err }, "uncaught error, exiting");
      process.exit(1);
    };
    process.on("uncaughtException", fatal);
    process.on("unhandledRejection", fatal);
  }

  /** Aborted (with a {@link StoppingError}) when the process is to end: for waits that may be cut short. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Registers a step; steps run in reverse order, as what is built last depends on what is built first. */
  add(name: string, run: () => Promise<void>): void {
    this.#steps.push({ name, run });
  }

  async #drain(): Promise<void> {
    this.#controller.abort(new StoppingError("the process is stopping"));
    setTimeout(() => {
      this.logger.error({ graceMs: this.graceMs }, "grace period is over, exiting with work unfinished");
      process.exit(1);
    }, this.graceMs);
    let code = 0;
    for (const { name, run } of this.#steps.reverse()) {
      try {
        await run();
      } catch (err) {
        this.logger.error({ err, step: name }, "a step of stopping failed");
        code = 1;
      }
    }
    this.logger.info("stopped");
    process.exit(code);
  }
}

/**
 * Runs an app's main function. A {@link ConfigError} is printed as it is and exits with {@link EXIT_CONFIG}; any other
 * error it throws exits with 1, but for a {@link StoppingError}: then {@link Shutdown} ends the process.
 */
export function runMain(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    if (error instanceof StoppingError) return;
    if (error instanceof ConfigError) {
      process.stderr.write(`${error.message}\n`);
      process.exit(EXIT_CONFIG);
    }
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  });
}
