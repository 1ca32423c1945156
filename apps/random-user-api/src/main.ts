import { env, loadConfig } from "@pipeline/common/config";
import { createLogger } from "@pipeline/common/logging";
import { runMain, Shutdown } from "@pipeline/common/shutdown";
import { buildServer } from "./server";

/** Longest answer: 5,000 users take well under a second. */
const GRACE_MS = 5_000;

runMain(async () => {
  const config = loadConfig({ PORT: env.port().default(8080), LOG_LEVEL: env.logLevel() });
  const logger = createLogger("random-user-api", config.LOG_LEVEL);
  const shutdown = new Shutdown(logger, GRACE_MS);
  const server = buildServer(logger);
  shutdown.add("http server", () => server.close());
  // All addresses: it is reached through a container network.
  await server.listen({ port: config.PORT, host: "::" });
  logger.info({ port: config.PORT }, "listening");
});
