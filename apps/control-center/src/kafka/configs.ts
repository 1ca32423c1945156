import { type Admin, ConfigResourceTypes, ConfigSource } from "kafkajs";
import type { ConfigEntry } from "../api";
import { NotFoundError } from "../errors";
import { Shared } from "../shared";

/** Configuration changes seldom: all who look within this time get the same answer. */
const KEEP_MS = 5_000;

const SOURCES: Readonly<Record<ConfigSource, string>> = {
  [ConfigSource.UNKNOWN]: "unknown",
  [ConfigSource.TOPIC_CONFIG]: "this topic",
  [ConfigSource.DYNAMIC_BROKER_CONFIG]: "this broker, at run time",
  [ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG]: "all brokers, at run time",
  [ConfigSource.STATIC_BROKER_CONFIG]: "the broker's file",
  [ConfigSource.DEFAULT_CONFIG]: "Kafka's default",
  [ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG]: "this broker's logger",
};

/** Reads the configuration of brokers and topics. */
export class Configs {
  readonly #answers = new Shared<ConfigEntry[]>(KEEP_MS);

  constructor(private readonly admin: Admin) {}

  /** Of a broker, by name. */
  ofBroker(id: number): Promise<ConfigEntry[]> {
    return this.#read(ConfigResourceTypes.BROKER, String(id));
  }

  /**
   * Of a topic, by name.
   *
   * @throws NotFoundError when there is no such topic
   */
  ofTopic(name: string): Promise<ConfigEntry[]> {
    return this.#read(ConfigResourceTypes.TOPIC, name);
  }

  #read(type: ConfigResourceTypes, name: string): Promise<ConfigEntry[]> {
    return this.#answers.get(`${type} ${name}`, async () => {
      await this.admin.connect();
      const resources = [{ type, name }];
      const answer = await this.admin
        .describeConfigs({ resources, includeSynonyms: false })
        .catch((error: unknown) => {
          if ((error as { type?: string }).type === "UNKNOWN_TOPIC_OR_PARTITION") {
            throw new NotFoundError(`there is no topic ${name}`);
          }
          throw error;
        });
      const entries = answer.resources[0]?.configEntries ?? [];
      return entries
        .map(({ configName, configValue, isDefault, configSource, isSensitive }) => ({
          name: configName,
          value: isSensitive ? null : configValue,
          isDefault: isDefault || configSource === ConfigSource.DEFAULT_CONFIG,
          source: SOURCES[configSource] ?? "unknown",
        }))
        .sort((a, b) => a.name.localeCompare(b.name));
    });
  }
}
