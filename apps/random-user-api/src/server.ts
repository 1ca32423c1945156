import { createMetrics } from "@pipeline/common/http";
import type { Logger } from "@pipeline/common/logging";
import { Readiness } from "@pipeline/common/readiness";
import fastify, { type FastifyInstance } from "fastify";
import { Counter } from "prom-client";
import { parseQuery, QueryError, type RawQuery } from "./query";
import { generateUsers } from "./users";

/** The version of the API whose rules and records this server follows. */
const API_VERSION = "1.4";

/**
 * The server: `/api/` and `/api/1.4/` as https://randomuser.me serves them, and `/livez`, `/readyz`, `/metrics`.
 * Errors are `{"error": "…"}`, as the original's.
 */
export function buildServer(logger: Logger): FastifyInstance {
  // Nothing this server needs can be missing: it is ready as soon as it listens.
  const metrics = createMetrics("random-user-api", new Readiness<string>([]));
  const served = new Counter({
    name: "users_served_total",
    help: "User records in answers",
    registers: [metrics],
  });
  const server = fastify({
    routerOptions: { ignoreTrailingSlash: true },
  });

  for (const path of ["/api", `/api/${API_VERSION}`]) {
    server.get<{ Querystring: RawQuery }>(path, (request, reply) => {
      const query = parseQuery(request.query);
      const results = generateUsers(query);
      const { seed, page } = query;
      const info = { seed, results: results.length, page, version: API_VERSION };
      const body = query.info ? { results, info } : { results };
      served.inc(results.length);
      return reply
        .header("cache-control", "no-cache")
        .type("application/json; charset=utf-8")
        .send(JSON.stringify(body, null, query.pretty ? 2 : undefined));
    });
  }
  server.get("/livez", () => "ok\n");
  server.get("/readyz", () => ({ ready: true, dependencies: {} }));
  server.get("/metrics", async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );

  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: "There is nothing here; try /api/" }),
  );
  server.setErrorHandler((error, _request, reply) => {
    if (error instanceof QueryError) return reply.code(400).send({ error: error.message });
    logger.error({ err: error }, "request failed");
    return reply.code(500).send({ error: "Uh oh, something has gone wrong." });
  });
  return server;
}
