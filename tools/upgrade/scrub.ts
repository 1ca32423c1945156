import { isProtected } from "./protected";

/** Terraform's state in its file format 4: the fields used here. */
export interface State {
  readonly version: number;
  readonly terraform_version: string;
  readonly resources: readonly StateResource[];
}

interface StateResource {
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly provider: string;
  readonly instances: readonly Instance[];
}

interface Instance {
  readonly schema_version: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/**
 * What the upgrade plans need of a state, without a secret: the resources that an upgrade must keep, each generated password
 * with its resource's name in its place, wherever it stands. So a plan still finds the same text in both places.
 */
export function scrubbed({ version, terraform_version, resources }: State): State {
  const kept = resources
    .filter(({ mode, type }) => mode === "managed" && isProtected(type))
    .map(({ mode, type, name, provider, instances }) => ({
      mode,
      type,
      name,
      // Terraform knows one name of the registry; OpenTofu takes it for its own.
      provider: provider.replace("registry.opentofu.org", "registry.terraform.io"),
      instances: instances.map(({ schema_version, attributes }) => ({ schema_version, attributes })),
    }));
  let text = JSON.stringify({ version, terraform_version, serial: 1, lineage: "recorded", resources: kept });
  for (const [secret, name] of secretsOf(kept)) text = text.replaceAll(secret, name);
  return JSON.parse(text, (_, value: unknown) => (value === null ? undefined : value)) as State;
}

/** The generated passwords and their hashes, each with what stands for it. All are letters, digits and a hash's punctuation. */
function secretsOf(resources: State["resources"]): [string, string][] {
  return resources
    .filter(({ type }) => type === "random_password")
    .flatMap(({ name, instances }) =>
      instances.flatMap(({ attributes }): [string, string][] => [
        [String(attributes["result"]), `(${name})`],
        [String(attributes["bcrypt_hash"]), `(hash of ${name})`],
      ]),
    );
}

/** Words that look like a generated password or its hash: long, with letters of both cases and a digit. */
export function suspectsIn(text: string): string[] {
  return (text.match(/[A-Za-z0-9./$]{20,}/g) ?? []).filter((word) =>
    [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(word)),
  );
}
