import avro from "avsc";
import fc from "fast-check";
import {
  AvroDecoder,
  AvroEncoder,
  DecodeError,
  EncodeError,
  isUndecodable,
  RegistryUnavailableError,
  SchemaRegistry,
  schemas,
  UnknownSchemaError,
  type UserCreated,
} from "../src";
import { freePort } from "../testing/app-process";
import { testServices } from "../testing/services";

const url = testServices().schemaRegistry.url;
const registry = new SchemaRegistry(url);
/** A subject of this run's own. */
const subject = `avro-test-${process.pid}-${Date.now()}-value`;

async function register(schema: object): Promise<number> {
  const response = await fetch(`${url}/subjects/${subject}/versions`, {
    method: "POST",
    headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
    body: JSON.stringify({ schema: JSON.stringify(schema) }),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { id: number }).id;
}

const USER: UserCreated = {
  id: "7d44e3f5-6bb1-4ac4-9c47-5a8f6b0d1c55",
  version: 1_795_261_311_107_431,
  staged_at: 1_795_261_311_101_938,
  first_name: "Zoë",
  last_name: "Öçal 🙂",
  gender: null,
  address: "",
  post_code: "012 34",
  city: null,
  state: null,
  country: null,
  nat: "DE",
  email: null,
  username: null,
  dob: -2_208_988_800_000,
  registered_date: 1_600_000_000_123,
  phone: null,
  picture: null,
};

let id: number;
let encoder: AvroEncoder<UserCreated>;
beforeAll(async () => {
  id = await register(schemas.userCreated);
  encoder = new AvroEncoder(schemas.userCreated, id);
});

describe("registry", () => {
  test("tells the id of a registered schema", async () => {
    expect(await registry.idOf(subject, schemas.userCreated)).toBe(id);
  });

  test("a schema not registered, under a known subject or an unknown one, is an UnknownSchemaError", async () => {
    await expect(registry.idOf(subject, schemas.userStats)).rejects.toThrow(UnknownSchemaError);
    await expect(registry.idOf("no-such-subject", schemas.userCreated)).rejects.toThrow(UnknownSchemaError);
  });

  test("an id it does not know is an UnknownSchemaError", async () => {
    await expect(registry.schemaById(2_000_000_000)).rejects.toThrow(UnknownSchemaError);
  });

  test("a registry that is not there, or a server that is none, is a RegistryUnavailableError", async () => {
    const nobody = new SchemaRegistry(`http://localhost:${await freePort()}`);
    await expect(nobody.schemaById(1)).rejects.toThrow(RegistryUnavailableError);
    await expect(nobody.schemaById(1)).rejects.toThrow("ECONNREFUSED");
    await expect(new SchemaRegistry(`${url}/nowhere`).schemaById(1)).rejects.toThrow(
      RegistryUnavailableError,
    );
  });
});

describe("wire format", () => {
  test("is a zero byte, the id in 4 bytes big-endian, and Avro that any reader of the schema understands", () => {
    const bytes = encoder.encode(USER);
    expect(bytes[0]).toBe(0);
    expect(bytes.readUInt32BE(1)).toBe(id);
    expect({ ...avro.Type.forSchema(schemas.userCreated).fromBuffer(bytes.subarray(5)) }).toEqual(USER);
    expect(AvroDecoder.schemaIdOf(bytes)).toBe(id);
  });

  test("any record comes back as it was, whatever its size", async () => {
    const decoder = new AvroDecoder<UserCreated>(schemas.userCreated, registry);
    const text = fc.option(fc.string({ unit: "binary" }));
    const long = fc.integer({ min: -(2 ** 52), max: 2 ** 53 - 2 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({ first_name: text, version: long, staged_at: long, dob: fc.option(long), picture: text }),
        fc.nat(40_000),
        async (fields, size) => {
          const user = { ...USER, ...fields, address: "é".repeat(size) };
          expect({ ...(await decoder.decode(encoder.encode(user))) }).toEqual(user);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("a record that does not fit is an EncodeError naming the fields without their values", () => {
    const unfit = { ...USER, version: 1.5, city: 42, last_name: "Secret" } as unknown as UserCreated;
    expect(() => encoder.encode(unfit)).toThrow(new EncodeError("does not fit the schema: version, city"));
    expect(() => encoder.encode({ ...USER, version: 2 ** 60 })).toThrow("version");
  });
});

describe("decoder", () => {
  const decoder = new AvroDecoder<UserCreated>(schemas.userCreated, registry);

  test("reads what an older and a newer writer wrote as its own schema", async () => {
    const { fields, ...record } = schemas.userCreated as unknown as { fields: { name: string }[] };
    const older = { ...record, fields: fields.filter(({ name }) => name !== "picture") } as unknown as object;
    const newer = {
      ...record,
      fields: [{ name: "added", type: ["null", "string"], default: null }, ...fields],
    } as unknown as object;
    for (const schema of [older, newer]) {
      const writer = new AvroEncoder<UserCreated & { added?: string }>(
        schema as never,
        await register(schema),
      );
      expect({ ...(await decoder.decode(writer.encode({ ...USER, added: "x" }))) }).toEqual(USER);
    }
  });

  test("asks the registry once for an id, however many records wait for it", async () => {
    let asked = 0;
    const counting = Object.create(registry, {
      schemaById: { value: (schemaId: number) => (asked++, registry.schemaById(schemaId)) },
    }) as SchemaRegistry;
    const fresh = new AvroDecoder<UserCreated>(schemas.userCreated, counting);
    const bytes = encoder.encode(USER);
    await Promise.all(Array.from({ length: 20 }, () => fresh.decode(bytes)));
    await fresh.decode(bytes);
    expect(asked).toBe(1);
  });

  test.each([
    ["empty", Buffer.alloc(0)],
    ["shorter than the header", Buffer.from([0, 0, 0, 1])],
    ["JSON", Buffer.from('{"id":"x"}')],
  ])("bytes that are not in the wire format (%s) are a DecodeError", async (_, bytes) => {
    await expect(decoder.decode(bytes)).rejects.toThrow(DecodeError);
  });

  test("bytes cut short or with something behind are a DecodeError that knows the schema id", async () => {
    const bytes = encoder.encode(USER);
    for (const broken of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.from([1])])]) {
      await expect(decoder.decode(broken)).rejects.toMatchObject({ name: "DecodeError", schemaId: id });
    }
  });

  test("an id nobody registered is an UnknownSchemaError, and asked for again the next time", async () => {
    const bytes = Buffer.from(encoder.encode(USER));
    bytes.writeUInt32BE(2_000_000_000, 1);
    const error = await decoder.decode(bytes).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnknownSchemaError);
    expect(isUndecodable(error)).toBe(true);
  });

  test("a schema that cannot be read as the reader's is a DecodeError", async () => {
    const other = {
      type: "record",
      name: "Other",
      namespace: "pipeline.users",
      fields: [{ name: "n", type: "int" }],
    };
    const bytes = Buffer.concat([Buffer.from([0, 0, 0, 0, 0]), Buffer.from([2])]);
    const response = await fetch(`${url}/subjects/${subject}-other/versions`, {
      method: "POST",
      headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
      body: JSON.stringify({ schema: JSON.stringify(other) }),
    });
    bytes.writeUInt32BE(((await response.json()) as { id: number }).id, 1);
    await expect(decoder.decode(bytes)).rejects.toThrow(DecodeError);
  });

  test("when the registry is away the error says to try again", async () => {
    const away = new SchemaRegistry(`http://localhost:${await freePort()}`);
    const error = await new AvroDecoder(schemas.userCreated, away)
      .decode(encoder.encode(USER))
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RegistryUnavailableError);
    expect(isUndecodable(error)).toBe(false);
  });
});
