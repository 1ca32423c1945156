import { DecodeError, type SchemaRegistry } from "@pipeline/common";
import avro from "avsc";

/** Confluent's wire format: a zero byte, the schema's id as 4 bytes, the Avro binary. */
const HEADER_BYTES = 5;
/** More schemas than any topic here has; beyond that the one met first is forgotten. */
const REMEMBERED_SCHEMAS = 200;

/** Times are shown as times, with the precision they have. */
class Timestamp extends avro.types.LogicalType {
  protected override _toValue(): undefined {
    return undefined;
  }
  protected override _fromValue(value: unknown): unknown {
    return this.shownWith(1, value);
  }
  /** @param perMs how many of the value's units a millisecond has */
  protected shownWith(perMs: number, value: unknown): unknown {
    if (typeof value !== "number") return value;
    const ms = Math.floor(value / perMs);
    const time = new Date(ms);
    if (Number.isNaN(time.getTime())) return value;
    const rest = perMs === 1 ? "" : String(value - ms * perMs).padStart(3, "0");
    return time.toISOString().replace("Z", `${rest}Z`);
  }
}

class MicrosTimestamp extends Timestamp {
  protected override _fromValue(value: unknown): unknown {
    return this.shownWith(1000, value);
  }
}

const LOGICAL_TYPES = { "timestamp-millis": Timestamp, "timestamp-micros": MicrosTimestamp };

/** An Avro value as JSON, and the name of its schema. */
export interface AvroValue {
  schema: string;
  value: unknown;
}

/** Decodes values by the schema they were written with, which the registry is asked for once. */
export class AvroValues {
  readonly #types = new Map<number, Promise<avro.Type>>();

  constructor(private readonly registry: Pick<SchemaRegistry, "schemaById">) {}

  /**
   * @param bytes in the wire format
   * @throws DecodeError when they do not fit the schema, or the schema is not Avro
   * @throws UnknownSchemaError, RegistryUnavailableError as the registry does
   */
  async decode(bytes: Buffer, schemaId: number): Promise<AvroValue> {
    const type = await this.#type(schemaId);
    try {
      return {
        schema: type.name ?? type.typeName,
        value: asJson(type.fromBuffer(bytes.subarray(HEADER_BYTES))),
      };
    } catch {
      throw new DecodeError(`the bytes do not fit schema id ${schemaId}`, schemaId);
    }
  }

  #type(id: number): Promise<avro.Type> {
    let type = this.#types.get(id);
    if (!type) {
      type = this.#load(id);
      type.catch(() => this.#types.delete(id));
      this.#types.set(id, type);
      if (this.#types.size > REMEMBERED_SCHEMAS) this.#types.delete(this.#types.keys().next().value!);
    }
    return type;
  }

  async #load(id: number): Promise<avro.Type> {
    const text = await this.registry.schemaById(id);
    try {
      return avro.Type.forSchema(JSON.parse(text) as avro.Schema, { logicalTypes: LOGICAL_TYPES });
    } catch {
      throw new DecodeError(`schema id ${id} is not an Avro schema that can be read here`, id);
    }
  }
}

/** What avsc returns, without its classes: bytes in hexadecimal. */
function asJson(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return `0x${value.toString("hex")}`;
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, asJson(field)]));
}
