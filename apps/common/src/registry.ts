/** The registry answered that it does not know the schema id, or the schema under the subject. Asking again is useless until someone registers it. */
export class UnknownSchemaError extends Error {
  override name = "UnknownSchemaError";
}

/** The registry could not be asked, or gave no usable answer: nothing is known about the schema. Ask again later. */
export class RegistryUnavailableError extends Error {
  override name = "RegistryUnavailableError";
}

/** What the Confluent API answers in the body of a 404 it means: no such subject, version or schema. */
const NOT_FOUND_CODES = [40401, 40402, 40403];
const CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";

/**
 * The two requests that our apps send to a Schema Registry (Confluent's API). Only the deploy job registers schemas.
 * `@kafkajs/confluent-schema-registry` does not fit: it reports an unknown id, an unreachable registry and undecodable
 * bytes alike, and compiles the reader's schema for each message.
 */
export class SchemaRegistry {
  /**
   * @param url address without trailing slash
   * @param timeoutMs longest time for one request, milliseconds
   */
  constructor(
    private readonly url: string,
    private readonly timeoutMs = 10_000,
  ) {}

  /**
   * The id under which exactly this schema is registered for the subject.
   *
   * @throws UnknownSchemaError when the subject does not exist or does not have this schema
   * @throws RegistryUnavailableError
   */
  async idOf(subject: string, schema: object): Promise<number> {
    const answer = await this.#request(
      `/subjects/${encodeURIComponent(subject)}`,
      `this schema of subject ${subject}`,
      {
        method: "POST",
        headers: { "content-type": CONTENT_TYPE },
        body: JSON.stringify({ schema: JSON.stringify(schema) }),
      },
    );
    if (typeof answer["id"] !== "number")
      throw this.#unavailable(`no id in the answer for subject ${subject}`);
    return answer["id"];
  }

  /**
   * The schema with this id, as JSON text.
   *
   * @throws UnknownSchemaError when the registry has no such id
   * @throws RegistryUnavailableError
   */
  async schemaById(id: number): Promise<string> {
    const answer = await this.#request(`/schemas/ids/${id}`, `schema id ${id}`, {});
    if (typeof answer["schema"] !== "string") throw this.#unavailable(`no schema in the answer for id ${id}`);
    return answer["schema"];
  }

  async #request(path: string, subject: string, init: RequestInit): Promise<Record<string, unknown>> {
    let response: Response;
    let body: Record<string, unknown>;
    try {
      response = await fetch(this.url + path, { ...init, signal: AbortSignal.timeout(this.timeoutMs) });
      body = (await response.json()) as Record<string, unknown>;
    } catch (error) {
      // fetch says only "fetch failed"; the reason (ECONNREFUSED and the like) is its cause.
      const { cause = error } = error as Error;
      throw this.#unavailable(String((cause as NodeJS.ErrnoException).code ?? cause), error);
    }
    if (response.ok) return body;
    // A 404 without one of these codes comes from a proxy or a registry that is still starting.
    if (response.status === 404 && NOT_FOUND_CODES.includes(Number(body["error_code"]))) {
      throw new UnknownSchemaError(`the schema registry does not know ${subject}`);
    }
    throw this.#unavailable(`HTTP ${response.status}`);
  }

  #unavailable(reason: string, cause?: unknown): RegistryUnavailableError {
    return new RegistryUnavailableError(`schema registry at ${this.url} not usable: ${reason}`, { cause });
  }
}
