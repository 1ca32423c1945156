import { type Config, env, loadConfig } from "@pipeline/common";

const SPEC = {
  KAFKA_BOOTSTRAP_SERVERS: env.hostPorts(),
  KAFKA_TOPIC: env.name().default("users_created"),
  SCHEMA_REGISTRY_URL: env.httpUrl(),
  POSTGRES_HOST: env.host(),
  POSTGRES_PORT: env.port().default(5432),
  POSTGRES_DB: env.text(),
  POSTGRES_USER: env.text(),
  POSTGRES_PASSWORD: env.secret(),
  POSTGRES_SLOT: env
    .matching(/^[a-z0-9_]{1,50}$/, "a name of lower case letters, digits, _ (at most 50)")
    .default("users_created"),
  POSTGRES_PUBLICATION: env.name().default("users_created"),
  PORT: env.port().default(8080),
  LOG_LEVEL: env.logLevel(),
};

/** The producer's settings, under the names of their environment variables. */
export type ProducerConfig = Config<typeof SPEC>;

/** @throws ConfigError naming every variable that is missing or wrong */
export function producerConfig(environment?: NodeJS.ProcessEnv): ProducerConfig {
  return loadConfig(SPEC, environment);
}
