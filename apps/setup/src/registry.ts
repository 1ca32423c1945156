import { dryRunReasons } from "@pipeline/common/registry-dry-run";
import { SetupError } from "./errors";

/** A refusal by the registry, with the reason it gives. */
export class RegistryError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A registered schema. */
export interface RegisteredSchema {
  id: number;
  version: number;
}

const REQUEST_TIMEOUT_MS = 15_000;

/** The part of the Confluent Schema Registry's REST API that a deploy needs. */
export class Registry {
  private readonly url: string;

  /** @param url base address, with or without a trailing slash */
  constructor(url: string) {
    this.url = url.replace(/\/+$/, "");
  }

  /** Every subject's name; also shows that the registry answers. */
  async subjects(): Promise<string[]> {
    return this.request<string[]>("GET", "/subjects");
  }

  /** Whether the subject has any version. */
  async exists(subject: string): Promise<boolean> {
    return (await this.optional("GET", `/subjects/${encodeURIComponent(subject)}/versions`)) !== null;
  }

  /** The version of the subject that is this very schema, `null` if none is. */
  async lookup(subject: string, schema: string): Promise<RegisteredSchema | null> {
    return this.optional("POST", `/subjects/${encodeURIComponent(subject)}`, { schema });
  }

  /** Registers a schema; the registry refuses one that breaks the subject's compatibility. */
  async register(subject: string, schema: string): Promise<void> {
    await this.request("POST", `/subjects/${encodeURIComponent(subject)}/versions`, { schema });
  }

  /** The subject's own compatibility level, `null` when it follows the registry's. */
  async compatibility(subject: string): Promise<string | null> {
    type Config = { compatibilityLevel: string };
    return (
      (await this.optional<Config>("GET", `/config/${encodeURIComponent(subject)}`))?.compatibilityLevel ??
      null
    );
  }

  /** Sets the subject's compatibility level. */
  async setCompatibility(subject: string, compatibility: string): Promise<void> {
    await this.request("PUT", `/config/${encodeURIComponent(subject)}`, { compatibility });
  }

  /**
   * Asks whether the subject's compatibility level allows the schema as the next version. Registers nothing.
   *
   * @returns why not; empty when it does
   */
  async incompatibilities(subject: string, schema: string): Promise<string[]> {
    type Answer = { is_compatible: boolean; messages?: string[] };
    // Without a version in the path the schema is compared as the level says: transitive levels with every version.
    const path = `/compatibility/subjects/${encodeURIComponent(subject)}/versions?verbose=true`;
    const answer = await this.request<Answer>("POST", path, { schema });
    if (answer.is_compatible) return [];
    const reasons = answer.messages?.length
      ? answer.messages
      : await dryRunReasons(this.url, subject, schema, REQUEST_TIMEOUT_MS);
    return reasons.length > 0 ? reasons : ["the schema registry does not say why"];
  }

  private async optional<T>(method: string, path: string, body?: object): Promise<T | null> {
    try {
      return await this.request<T>(method, path, body);
    } catch (error) {
      if (error instanceof RegistryError && error.status === 404) return null;
      throw error;
    }
  }

  private async request<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        accept: "application/vnd.schemaregistry.v1+json",
        ...(body && { "content-type": "application/vnd.schemaregistry.v1+json" }),
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new RegistryError(response.status, reasonIn(text) || `HTTP ${response.status}`);
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new SetupError(
        `${method} ${path} at ${this.url} did not answer with JSON: is it a schema registry?`,
      );
    }
  }
}

/** The message of an error body `{"error_code": …, "message": …}`, or the text itself. */
function reasonIn(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text.trim();
  }
}
