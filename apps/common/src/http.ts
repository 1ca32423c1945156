import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Readiness } from "./readiness";

/** What may be read of a {@link Readiness}. */
type ReadinessView = Pick<Readiness, "ready" | "states">;

/**
 * A registry of metrics that already has those of the process (CPU, memory, event loop) and, per dependency, the gauge
 * `dependency_up` (1 when it can be used, 0 when not).
 *
 * @param app value of the label `app` that every series carries
 */
export function createMetrics(app: string, readiness: ReadinessView): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "dependency_up",
    help: "1 when the dependency can be used, 0 when not",
    labelNames: ["dependency"],
    registers: [registry],
    collect() {
      for (const [dependency, { ok }] of Object.entries(readiness.states))
        this.set({ dependency }, ok ? 1 : 0);
    },
  });
  return registry;
}

/** The operational HTTP endpoints of an app. */
export interface OperationsServer {
  /** The port it listens on. */
  readonly port: number;
  /** Stops listening and drops open connections. */
  close(): Promise<void>;
}

/**
 * Serves `/livez` (200 as long as the process turns), `/readyz` (200 or 503, JSON with the reason per dependency) and
 * `/metrics` (Prometheus text).
 *
 * @param options.port 0 lets the system choose
 * @throws when the port is taken
 */
export async function startOperationsServer(options: {
  port: number;
  readiness: ReadinessView;
  metrics: Registry;
}): Promise<OperationsServer> {
  const { port, readiness, metrics } = options;
  const answer = async (path: string): Promise<{ status: number; type: string; body: string }> => {
    switch (path) {
      case "/livez":
        return { status: 200, type: "text/plain", body: "ok\n" };
      case "/readyz":
        return {
          status: readiness.ready ? 200 : 503,
          type: "application/json",
          body: JSON.stringify({ ready: readiness.ready, dependencies: readiness.states }) + "\n",
        };
      case "/metrics":
        return { status: 200, type: metrics.contentType, body: await metrics.metrics() };
      default:
        return { status: 404, type: "text/plain", body: "not found; try /livez, /readyz, /metrics\n" };
    }
  };
  const server: Server = createServer((request, response) => {
    answer((request.url ?? "/").split("?", 1)[0]!)
      .catch((error: unknown) => ({ status: 500, type: "text/plain", body: `${String(error)}\n` }))
      .then(({ status, type, body }) => response.writeHead(status, { "content-type": type }).end(body))
      .catch(() => response.destroy());
  });
  server.listen(port);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
