import { AvroDecoder, DLQ_HEADERS, letterKey, placeOf } from "@pipeline/common";
import type { IHeaders, Message, Producer } from "kafkajs";
import { describeError, type PermanentError } from "./errors";

/** A record as it came from Kafka. */
export interface SourceRecord {
  topic: string;
  partition: number;
  offset: string;
  /** When Kafka received it, milliseconds since the epoch. */
  receivedAt: number;
  key: Buffer | null;
  value: Buffer | null;
  headers?: IHeaders | undefined;
}

const STAGE = "sink";

/** The dead letter of a record: its bytes untouched, everything about it in headers. Pure. */
export function deadLetterOf(record: SourceRecord, error: PermanentError, time: Date): Message {
  const { key, value } = record;
  const identity = letterKey(STAGE, record, record.headers?.[DLQ_HEADERS.replay]?.toString());
  const { topic, partition, offset } = placeOf(identity);
  const schemaId = AvroDecoder.schemaIdOf(value);
  const headers: IHeaders = {
    [DLQ_HEADERS.stage]: STAGE,
    [DLQ_HEADERS.reason]: error.message,
    [DLQ_HEADERS.errorClass]: error.errorClass,
    [DLQ_HEADERS.topic]: topic,
    [DLQ_HEADERS.partition]: partition,
    [DLQ_HEADERS.offset]: offset,
    [DLQ_HEADERS.time]: time.toISOString(),
  };
  if (key) headers[DLQ_HEADERS.key] = key;
  if (schemaId !== undefined) headers[DLQ_HEADERS.schemaId] = String(schemaId);
  return { key: identity, value, headers };
}

/** Writes dead letters. The same record sent twice has the same key. */
export class DeadLetters {
  #connected: Promise<void> | undefined;

  /** @param producer not yet connected; must not create topics */
  constructor(
    private readonly producer: Producer,
    private readonly topic: string,
  ) {}

  /**
   * Resolves when all replicas in sync have the dead letter.
   *
   * @throws when Kafka did not take it: send it again later
   */
  async send(record: SourceRecord, error: PermanentError): Promise<void> {
    try {
      await this.#connect();
      const messages = [deadLetterOf(record, error, new Date())];
      await this.producer.send({ topic: this.topic, acks: -1, messages });
    } catch (cause) {
      throw new Error(`cannot write to topic ${this.topic}: ${describeError(cause)}`, { cause });
    }
  }

  async close(): Promise<void> {
    await this.producer.disconnect();
  }

  /** Connects at the first dead letter; after a failed attempt, at the next one. */
  #connect(): Promise<void> {
    this.#connected ??= this.producer.connect().catch((error: unknown) => {
      this.#connected = undefined;
      throw error;
    });
    return this.#connected;
  }
}
