import type { Fact, Path, Scalar, Value } from "./facts";

/** A configuration in which one fact is another one. */
export interface Change {
  readonly configuration: Value;
  readonly before: Scalar;
  /** @default - removed */
  readonly after?: Scalar;
}

/**
 * Changes one fact. An element of a list, such as a dependency or an argument, is removed. Otherwise a number grows by
 * one, a flag is inverted and a text gets an ending.
 */
export function change(configuration: Value, { path }: Fact): Change {
  const before = path.reduce<Value>(fieldOf, configuration) as Scalar;
  const after = typeof path.at(-1) === "number" ? undefined : another(before);
  return { configuration: withFact(configuration, path, after), before, after };
}

function another(value: Scalar): Scalar {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  return `${String(value)}-changed`;
}

function fieldOf(value: Value, key: string | number): Value {
  return (value as Record<string | number, Value>)[key]!;
}

/** A copy of a value in which what a path leads to is another value, or removed. */
function withFact(value: Value, [key, ...rest]: Path, fact: Value | undefined): Value {
  const field = rest.length === 0 ? fact : withFact(fieldOf(value, key!), rest, fact);
  if (!Array.isArray(value)) return { ...(value as Record<string, Value>), [key!]: field! };
  return (field === undefined ? value.toSpliced(Number(key), 1) : value.with(Number(key), field)) as Value;
}
