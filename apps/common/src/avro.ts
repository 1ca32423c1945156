import avro from "avsc";
import { type SchemaRegistry, UnknownSchemaError } from "./registry";

/** An Avro schema as parsed JSON. */
export type AvroSchema = avro.Schema & object;

/** The bytes are not what the wire format or the schema says; they never will be. Its message carries no values. */
export class DecodeError extends Error {
  override name = "DecodeError";

  /** @param schemaId the id in the bytes, when they have one */
  constructor(
    message: string,
    readonly schemaId?: number,
  ) {
    super(message);
  }
}

/** The record does not fit its schema; it never will. Its message names the fields and carries no values. */
export class EncodeError extends Error {
  override name = "EncodeError";
}

/** What avsc uses to read one schema's bytes as another's. */
type Resolver = Exclude<Parameters<avro.Type["fromBuffer"]>[1], undefined>;

/** Confluent's wire format: this byte, the schema's id as 4 bytes big-endian, the Avro binary. */
const MAGIC_BYTE = 0;
const HEADER_BYTES = 5;
/** Room for a typical record; a longer one takes a second pass. */
const SCRATCH_BYTES = 16 * 1024;

/*
 * Longs are JavaScript numbers throughout. avsc refuses what is beyond 2^53 and is exact from -2^52 up: as microseconds
 * since the epoch, the years 1828 to 2255; versions and staging times are within.
 */

/** Writes records of one schema in the wire format. */
export class AvroEncoder<T extends object> {
  readonly #type: avro.Type;
  readonly #scratch = Buffer.alloc(SCRATCH_BYTES);

  /** @param schemaId the id the registry gave this schema */
  constructor(
    schema: AvroSchema,
    readonly schemaId: number,
  ) {
    this.#type = avro.Type.forSchema(schema);
    this.#scratch.writeUInt8(MAGIC_BYTE, 0);
    this.#scratch.writeUInt32BE(schemaId, 1);
  }

  /** @throws EncodeError naming the fields that do not fit */
  encode(record: T): Buffer {
    try {
      // avsc writes past the end harmlessly and then returns minus the bytes that were too many.
      const end = this.#type.encode(record, this.#scratch, HEADER_BYTES);
      if (end >= 0) return Buffer.from(this.#scratch.subarray(0, end));
      const bytes = Buffer.allocUnsafe(this.#scratch.length - end);
      this.#scratch.copy(bytes, 0, 0, HEADER_BYTES);
      this.#type.encode(record, bytes, HEADER_BYTES);
      return bytes;
    } catch {
      // avsc's own message quotes the value, which may be personal data.
      const paths: string[] = [];
      this.#type.isValid(record, { errorHook: (path) => void paths.push(path.join(".")) });
      throw new EncodeError(`does not fit the schema: ${paths.join(", ") || "the record as a whole"}`);
    }
  }
}

/**
 * Reads records in the wire format, whatever version of the schema they were written with: each is resolved to the
 * reader's schema, so that a caller always sees the fields it knows. Asks the registry once per id it has not met.
 */
export class AvroDecoder<T> {
  readonly #reader: avro.Type;
  readonly #resolvers = new Map<number, Resolver | DecodeError>();
  readonly #pending = new Map<number, Promise<Resolver | DecodeError>>();

  constructor(
    readerSchema: AvroSchema,
    private readonly registry: SchemaRegistry,
  ) {
    this.#reader = avro.Type.forSchema(readerSchema);
  }

  /**
   * @throws DecodeError when the bytes or the writer's schema cannot be read as the reader's schema: permanent
   * @throws UnknownSchemaError when the registry does not know the id: permanent
   * @throws RegistryUnavailableError when the registry could not be asked: try again
   */
  async decode(bytes: Buffer): Promise<T> {
    if (bytes.length < HEADER_BYTES || bytes[0] !== MAGIC_BYTE) {
      throw new DecodeError("not in the wire format: no magic byte and schema id at the beginning");
    }
    const id = bytes.readUInt32BE(1);
    const resolver = this.#resolvers.get(id) ?? (await this.#resolver(id));
    if (resolver instanceof DecodeError) throw resolver;
    try {
      return this.#reader.fromBuffer(bytes.subarray(HEADER_BYTES), resolver) as T;
    } catch {
      throw new DecodeError(`the bytes do not fit schema id ${id}`, id);
    }
  }

  /** The schema id in the bytes, or undefined when they are not in the wire format. */
  static schemaIdOf(bytes: Buffer | null): number | undefined {
    return bytes && bytes.length >= HEADER_BYTES && bytes[0] === MAGIC_BYTE
      ? bytes.readUInt32BE(1)
      : undefined;
  }

  /** One request per id, however many records wait for it; a failure is not remembered. */
  #resolver(id: number): Promise<Resolver | DecodeError> {
    let pending = this.#pending.get(id);
    if (!pending) {
      pending = this.#fetchResolver(id).finally(() => this.#pending.delete(id));
      this.#pending.set(id, pending);
    }
    return pending;
  }

  async #fetchResolver(id: number): Promise<Resolver | DecodeError> {
    const text = await this.registry.schemaById(id);
    let resolver: Resolver | DecodeError;
    try {
      const writer = avro.Type.forSchema(JSON.parse(text) as AvroSchema);
      resolver = this.#reader.createResolver(writer);
    } catch {
      resolver = new DecodeError(`schema id ${id} cannot be read as this app's schema`, id);
    }
    this.#resolvers.set(id, resolver);
    return resolver;
  }
}

/** Whether trying to decode the same bytes again can never succeed. */
export function isUndecodable(error: unknown): error is DecodeError | UnknownSchemaError {
  return error instanceof DecodeError || error instanceof UnknownSchemaError;
}
