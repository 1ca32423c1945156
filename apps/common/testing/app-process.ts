import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
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

/** A TCP port nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Waits until a condition holds; asks again every 50 ms. Throws, with what was asked for, when it does not in time. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`);
    await sleep(50);
  }
}

/** An app that runs as a process of its own, with nothing in its environment but what it is given. */
export class AppProcess {
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
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | NodeJS.Signals> {
    this.#child.kill(signal);
    return this.exit;
  }

  /** What a path of its HTTP server answers. */
  async get(path: string): Promise<{ status: number; body: string }> {
    const response = await fetch(`http://localhost:${this.env["PORT"]}${path}`);
    return { status: response.status, body: await response.text() };
  }

  /** Waits until /readyz says yes; on failure shows what the app wrote. */
  async ready(timeoutMs?: number): Promise<void> {
    await this.#untilReadyIs(200, timeoutMs);
  }

  /** Waits until /readyz says no; returns its body. */
  async notReady(timeoutMs?: number): Promise<string> {
    await this.#untilReadyIs(503, timeoutMs);
    return (await this.get("/readyz")).body;
  }

  /** The value of a metric without labels of its own, or NaN when it is not there. */
  async metric(name: string): Promise<number> {
    const { body } = await this.get("/metrics");
    return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "m").exec(body)?.[1] ?? NaN);
  }

  async #untilReadyIs(status: number, timeoutMs?: number): Promise<void> {
    const ended = this.exit.then((code) => {
      throw new Error(`the app ended with ${code}`);
    });
    const asked = until(
      `/readyz answers ${status}`,
      async () => (await this.get("/readyz").catch(() => undefined))?.status === status,
      timeoutMs,
    );
    try {
      await Promise.race([asked, ended]);
    } catch (cause) {
      throw new Error(`${String(cause)}; it wrote:\n${this.output}`, { cause });
    }
  }
}
