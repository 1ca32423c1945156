import { type Config, env } from "@pipeline/common";
import { z } from "zod";

/** The environment variables of the sink. */
export const CONFIG_SPEC = {
  KAFKA_BOOTSTRAP_SERVERS: env.hostPorts(),
  KAFKA_TOPIC: env.name().default("users_processed"),
  KAFKA_STATS_TOPIC: env.name().default("user_stats"),
  KAFKA_DLQ_TOPIC: env.name().default("users_dlq"),
  KAFKA_GROUP_ID: env.name().default("sink"),
  SCHEMA_REGISTRY_URL: env.httpUrl(),
  CASSANDRA_HOST: env.hosts(),
  CASSANDRA_PORT: env.port().default(9042),
  CASSANDRA_DATACENTER: env.name().default("dc1"),
  CASSANDRA_KEYSPACE: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,47}$/)
    .describe("a keyspace: a lower-case letter, then up to 47 lower-case letters, digits, _")
    .default("spark_streams"),
  CASSANDRA_USER: env.text(),
  CASSANDRA_PASSWORD: env.secret(),
  PORT: env.port().default(8080),
  LOG_LEVEL: env.logLevel(),
};

/** The configuration of the sink, by variable. */
export type SinkConfig = Config<typeof CONFIG_SPEC>;
