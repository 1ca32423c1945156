import fc from "fast-check";

/** A single value in Terraform's configuration. */
export type Scalar = string | number | boolean | null;

/** A value in Terraform's configuration. */
export type Value = Scalar | readonly Value[] | { readonly [key: string]: Value };

/** The keys and indices that lead from the top of a stack's configuration to a value. */
export type Path = readonly (string | number)[];

/** A scalar of a synthesized stack. */
export interface Fact {
  /** The file of the stack. */
  readonly stack: string;
  readonly path: Path;
  readonly category: string;
}

/** Kinds of facts. The first one whose pattern a path matches is the fact's category. */
const CATEGORIES: readonly (readonly [string, RegExp])[] = [
  ["dependency", /\.depends_on\b/],
  ["probe", /\.healthcheck\b|_probe\b/],
  ["policy", /kubernetes_network_policy_v1\b/],
  ["password", /random_password\b|\.passwords\b/],
  ["image", /docker_image\b|\.image\b|terraform_data\.images\b/],
  ["output", /^(output|provider|terraform)\b/],
  ["file", /\.upload\b|_(secret|config_map)_v1\..*\.data\b/],
  ["port", /\.ports?\b/],
  ["mount", /\.volumes?\b|\.volume_mount\b/],
  ["volume", /docker_volume\b|persistent_volume_claim_v1\b|\.volume_claim_template\b/],
  ["user", /\.user\b|\.security_(context|opts)\b|\.capabilities\b/],
  ["limit", /\.memory(_swap)?\b|\.resources\b|\.log_opts\b/],
  ["env", /\.env\b/],
  ["command", /\.(command|args)\b/],
  ["lifecycle", /grace|wait|timeout|deadline|backoff|restart|replicas|strategy/],
  ["name", /./],
];

/** Every fact of a stack. */
export function factsOf(stack: string, configuration: Value): Fact[] {
  return leaves(configuration, []).map((path) => ({ stack, path, category: categoryOf(path) }));
}

/** Draws facts of all categories in turn. The same seed draws the same facts. */
export function draw(facts: readonly Fact[], count: number, seed: number): Fact[] {
  const groups = CATEGORIES.map(([name]) => facts.filter(({ category }) => category === name));
  const rounds = Math.ceil(count / groups.length);
  const some = (group: readonly Fact[]) => {
    const length = Math.min(rounds, group.length);
    return fc.shuffledSubarray([...group], { minLength: length, maxLength: length });
  };
  const all = { minLength: groups.length, maxLength: groups.length };
  const turns = fc.shuffledSubarray(groups, all).chain((shuffled) => fc.tuple(...shuffled.map(some)));
  const [drawn] = fc.sample(turns, { seed, numRuns: 1 });
  const inTurn = Array.from({ length: rounds }, (_, round) => drawn!.flatMap((group) => group[round] ?? []));
  return inTurn.flat().slice(0, count);
}

function leaves(value: Value, path: Path): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries: (readonly [string | number, Value])[] = Array.isArray(value)
    ? value.map((element: Value, i) => [i, element] as const)
    : Object.entries(value);
  return entries.flatMap(([key, each]) => leaves(each, [...path, key]));
}

function categoryOf(path: Path): string {
  const text = path.join(".");
  return CATEGORIES.find(([, pattern]) => pattern.test(text))![0];
}
