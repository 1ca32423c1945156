import { dryRunReasons } from "@pipeline/common/registry-dry-run";
import type { CompatibilityView, SchemaView, SubjectSummary } from "./api";
import { NotFoundError } from "./errors";

const CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
const TIMEOUT_MS = 5_000;

interface RegisteredSchema {
  subject: string;
  version: number;
  id: number;
  schema: string;
  schemaType?: string;
}

/** The registry answered, and not with what was asked for. The message is the registry's. */
class RegistryAnswerError extends Error {
  override name = "RegistryAnswerError";
}

/** Asks a Schema Registry (Confluent's API) about subjects. Never writes. */
export class RegistryClient {
  /** @param url address without trailing slash */
  constructor(private readonly url: string) {}

  /** Whether it answers at all. */
  async check(): Promise<void> {
    await this.#get("/config");
  }

  /** Every subject with its versions and compatibility level. */
  async subjects(): Promise<SubjectSummary[]> {
    const subjects = await this.#get<string[]>("/subjects");
    const summaries = subjects.sort().map(async (subject) => {
      const path = `/subjects/${encodeURIComponent(subject)}/versions`;
      const [versions, latest, config] = await Promise.all([
        this.#get<number[]>(path),
        this.#get<RegisteredSchema>(`${path}/latest`),
        this.#get<{ compatibilityLevel: string }>(
          `/config/${encodeURIComponent(subject)}?defaultToGlobal=true`,
        ),
      ]);
      return {
        subject,
        versions,
        compatibility: config.compatibilityLevel,
        type: latest.schemaType ?? "AVRO",
      };
    });
    return Promise.all(summaries);
  }

  /** One version of a subject's schema. */
  async schema(subject: string, version: number): Promise<SchemaView> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions/${version}`;
    const { id, schema, schemaType = "AVRO" } = await this.#get<RegisteredSchema>(path);
    return { subject, version, id, type: schemaType, schema };
  }

  /** Whether a schema could be the subject's next version, by the rule the subject has; registers nothing. */
  async compatibility(subject: string, schema: string): Promise<CompatibilityView> {
    const path = `/compatibility/subjects/${encodeURIComponent(subject)}/versions?verbose=true`;
    try {
      const answer = await this.#get<{ is_compatible: boolean; messages?: string[] }>(path, {
        method: "POST",
        headers: { "content-type": CONTENT_TYPE },
        body: JSON.stringify({ schema }),
      });
      if (answer.is_compatible) return { compatible: true, reasons: [] };
      return {
        compatible: false,
        reasons: answer.messages ?? (await dryRunReasons(this.url, subject, schema, TIMEOUT_MS)),
      };
    } catch (error) {
      // Not a schema at all: that is an answer to the question.
      if (error instanceof RegistryAnswerError) return { compatible: false, reasons: [error.message] };
      throw error;
    }
  }

  async #get<T>(path: string, init: RequestInit = {}): Promise<T> {
    let response: Response;
    let body: unknown;
    try {
      response = await fetch(this.url + path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
      body = await response.json();
    } catch (error) {
      // fetch says only "fetch failed"; the reason is its cause.
      const { cause = error } = error as Error;
      const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
      throw new Error(`the schema registry does not answer: ${reason}`, { cause: error });
    }
    if (response.ok) return body as T;
    const message = (body as { message?: string }).message ?? `HTTP ${response.status}`;
    if (response.status === 404) throw new NotFoundError(message);
    if (response.status < 500) throw new RegistryAnswerError(message);
    throw new Error(`the schema registry answered: ${message}`);
  }
}
