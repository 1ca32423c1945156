import { type Logger, type Readiness, reasonOf } from "@pipeline/common";
import fastify, { type FastifyInstance } from "fastify";
import type { Registry } from "prom-client";
import type { ApiError } from "../api";
import { BadRequestError, NotFoundError } from "../errors";

const SECURITY_HEADERS = {
  "content-security-policy":
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};
const MAX_BODY_BYTES = 1024 * 1024;

/** A server with what all answers have in common, and the operational endpoints as the other apps have them. */
export function createServer(options: {
  readiness: Pick<Readiness, "ready" | "states">;
  metrics: Registry;
  logger: Logger;
}): FastifyInstance {
  const { readiness, metrics, logger } = options;
  const server = fastify({ bodyLimit: MAX_BODY_BYTES, forceCloseConnections: true });
  server.addHook("onRequest", (_request, reply, done) => {
    void reply.headers(SECURITY_HEADERS);
    done();
  });
  server.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    if (status >= 500) logger.warn({ err: error, url: request.url }, "request failed");
    return reply.code(status).send({ error: reasonOf(error) } satisfies ApiError);
  });
  server.get("/livez", (_request, reply) => reply.type("text/plain").send("ok\n"));
  server.get("/readyz", (_request, reply) =>
    reply.code(readiness.ready ? 200 : 503).send({ ready: readiness.ready, dependencies: readiness.states }),
  );
  server.get("/metrics", async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
  return server;
}

function statusOf(error: unknown): number {
  if (error instanceof BadRequestError) return 400;
  if (error instanceof NotFoundError) return 404;
  const { statusCode } = error as { statusCode?: number };
  // What is not the request's fault is Kafka's or the registry's: away now, and back some time.
  return statusCode ?? 503;
}
