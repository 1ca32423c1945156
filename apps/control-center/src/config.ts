import { type Config, env } from "@pipeline/common";

/** The environment variables of the Control Center. */
export const CONFIG_SPEC = {
  CONTROL_CENTER_BOOTSTRAP_SERVERS: env.hostPorts(),
  CONTROL_CENTER_SCHEMA_REGISTRY_URL: env.httpUrl(),
  /** Where the apps of the pipeline answer /metrics. Without one, its hop says that nothing is known. */
  PRODUCER_URL: env.httpUrl().optional(),
  STREAM_URL: env.httpUrl().optional(),
  SINK_URL: env.httpUrl().optional(),
  KAFKA_CREATED_TOPIC: env.name().default("users_created"),
  KAFKA_PROCESSED_TOPIC: env.name().default("users_processed"),
  KAFKA_DLQ_TOPIC: env.name().default("users_dlq"),
  SINK_GROUP_ID: env.name().default("sink"),
  PORT: env.port().default(9021),
  LOG_LEVEL: env.logLevel(),
};

/** The configuration of the Control Center, by variable. */
export type ControlCenterConfig = Config<typeof CONFIG_SPEC>;
