import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";

const APPS = resolve(__dirname, "../..");

/** Bundles a TypeScript file, given relative to apps/, to one file as the images have it; returns its path. */
export async function bundle(entry: string): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), "app-")), "index.js");
  await build({
    entryPoints: [join(APPS, entry)],
    outfile,
    bundle: true,
    platform: "node",
    target: `node${process.versions.node}`,
    loader: { ".avsc": "json" },
    logLevel: "warning",
  });
  return outfile;
}

/** Below those that Linux gives to outgoing connections. */
const PORTS = { first: 20_000, count: 10_000 };
const givenPorts = new Set<number>();

/**
 * A TCP port nobody listens on. It stays free until it is used, and while its user is away: no outgoing connection is
 * given it, and it is given once.
 */
export async function freePort(): Promise<number> {
  const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
  if (givenPorts.has(port) || !(await isFree(port))) return freePort();
  givenPorts.add(port);
  return port;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port);
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}

/** Long enough for a machine many times slower than a developer's: one that is never reached costs nothing. */
const DEADLINE_MS = 300_000;

/**
 * Waits until a condition holds; asks again every 50 ms. Throws when it does not in time, with what was asked for and
 * what the apps that run have written.
 *
 * @param what what is waited for; as a function, told at the end
 */
export async function until(
  what: string | (() => string),
  condition: () => boolean | Promise<boolean>,
  timeoutMs = DEADLINE_MS,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      const told = typeof what === "string" ? what : what();
      throw new Error(`not within ${timeoutMs / 1000} s: ${told}${AppProcess.outputs()}`);
    }
    await sleep(50);
  }
}

/** Of what an app wrote, shown when a test fails. */
const LAST_LINES = 50;

/** An app that runs as a process of its own, with nothing in its environment but what it is given. */
export class AppProcess {
  static readonly #running = new Set<AppProcess>();

  /** All it has written so far. */
  output = "";
  /** Its exit code, or the signal that ended it; settles when it has ended. */
  readonly exit: Promise<number | NodeJS.Signals>;
  readonly #child: ChildProcess;

  /**
   * @param file a bundle, see {@link bundle}
   * @param env its environment; PORT also tells {@link ready} and {@link metric} where to ask
   */
  constructor(
    file: string,
    private readonly env: Record<string, string>,
  ) {
    this.#child = spawn(process.execPath, [file], { env, stdio: ["ignore", "pipe", "pipe"] });
    const collect = (chunk: Buffer) => (this.output += chunk.toString());
    this.#child.stdout!.on("data", collect);
    this.#child.stderr!.on("data", collect);
    this.exit = once(this.#child, "close").then(
      ([code, signal]) => (code as number | null) ?? (signal as NodeJS.Signals),
    );
    AppProcess.#running.add(this);
    void this.exit.then(() => AppProcess.#running.delete(this));
  }

  /** What each app that runs has written last, for a failing test to tell. */
  static outputs(): string {
    const tails = [...AppProcess.#running].map(({ output }) =>
      output.split("\n").slice(-LAST_LINES).join("\n"),
    );
    return tails.map((tail) => `\n\nAn app that runs wrote:\n${tail}`).join("");
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | NodeJS.Signals> {
    this.#child.kill(signal);
    return this.exit;
  }

  /** What a path of its HTTP server answers; over a connection of its own, as a kept one may just be closing. */
  async get(path: string): Promise<{ status: number; body: string }> {
    const response = await fetch(`http://localhost:${this.env["PORT"]}${path}`, {
      headers: { connection: "close" },
    });
    return { status: response.status, body: await response.text() };
  }

  /** Waits until /readyz says yes. */
  async ready(timeoutMs?: number): Promise<void> {
    await this.#readyz("yes", ({ status }) => status === 200, timeoutMs);
  }

  /** Waits until /readyz says no, for this reason when one is given; returns its body. */
  async notReady(reason: string | RegExp = ""): Promise<string> {
    const isWhy = (body: string) => (typeof reason === "string" ? body.includes(reason) : reason.test(body));
    return this.#readyz(`no, ${String(reason)}`, ({ status, body }) => status === 503 && isWhy(body));
  }

  /** The value of a metric without labels of its own, or NaN when it is not there. */
  async metric(name: string): Promise<number> {
    const { body } = await this.get("/metrics");
    return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "m").exec(body)?.[1] ?? NaN);
  }

  async #readyz(
    what: string,
    isAsWanted: (answer: { status: number; body: string }) => boolean,
    timeoutMs?: number,
  ): Promise<string> {
    let body = "";
    const ask = async () => {
      const answer = await this.get("/readyz").catch(() => undefined);
      const { exitCode, signalCode } = this.#child;
      if (exitCode !== null || signalCode !== null) {
        throw new Error(`the app ended with ${await this.exit}; it wrote:\n${this.output}`);
      }
      body = answer?.body ?? "nothing";
      return answer !== undefined && isAsWanted(answer);
    };
    await until(() => `/readyz says ${what}; it said ${body}`, ask, timeoutMs);
    return body;
  }
}
