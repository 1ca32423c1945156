import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { Block, ROOT, SynthesizedStack } from "./stacks";

/** The longest text of a list or an object that stands on one line. */
const WIDTH = 160;
const SCHEMAS = "apps/schemas";

/** Attributes on one line at any length: metadata, which differs in a name only, and lists whose order matters. */
const ON_ONE_LINE = /\b(metadata|command|args|test)$/;

/**
 * Describes blocks of a stack in lines, by the address of the block. A line has one attribute, or a part of a large
 * one. The line begins with the block's address, so that a changed line names the changed fact:
 *
 *     docker_container.broker memory: 896
 *     kubernetes_deployment_v1.sink spec.template.spec.container[].env[]: {name: PORT, value: "8080"}
 *
 * TAG and HASH replace hashes of content, which change with the source of an app. A text of several lines is replaced by
 * its own hash, or by the name of the schema.
 * @param wanted whether to describe the block at an address
 */
export function linesOf(
  { configuration }: SynthesizedStack,
  wanted: (address: string) => boolean,
): Map<string, string[]> {
  const blocks = Object.entries(configuration).flatMap(([section, named]) =>
    section === "resource"
      ? Object.entries(configuration.resource).flatMap(([type, resources]) => addressed(type, resources))
      : addressed(section, named),
  );
  return new Map(
    blocks
      .filter(([address]) => wanted(address))
      .map(([address, block]) => [
        address,
        numbered(attributeLines(address, " ", readable(block, configuration.resource))),
      ]),
  );
}

/** Lines with a number at the end of each repetition, so that no two are the same. */
function numbered(lines: readonly string[]): string[] {
  return lines.map((line, i) => {
    const before = lines.slice(0, i).filter((each) => each === line).length;
    return before === 0 ? line : `${line} (${before + 1})`;
  });
}

function addressed(prefix: string, named: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(named).map(([name, block]) => [`${prefix}.${name}`, block]);
}

function attributeLines(path: string, separator: string, value: unknown): string[] {
  const text = onOneLine(value);
  const fits = text.length <= WIDTH || ON_ONE_LINE.test(path);
  if (fits || typeof value !== "object" || value === null) return [`${path}: ${text}`];
  return Array.isArray(value)
    ? value.flatMap((element) => attributeLines(`${path}[]`, ".", element))
    : Object.entries(value).flatMap(([key, field]) =>
        attributeLines(`${path}${separator}${key}`, ".", field),
      );
}

function onOneLine(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", flowCollectionPadding: false, lineWidth: 0 }).trimEnd();
}

/** A value with short stand-ins for the content of files and for hashes of content. */
function readable(value: unknown, resources: SynthesizedStack["configuration"]["resource"]): unknown {
  if (typeof value === "string") return readableText(value);
  if (Array.isArray(value)) return value.map((element) => readable(element, resources));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]: [string, unknown]) => [
      readableText(key),
      key === "depends_on" ? summarized(field as string[], resources) : readable(field, resources),
    ]),
  );
}

function readableText(text: string): string {
  if (text.includes("\n")) return schemaNames().get(text) ?? `sha256 ${hash(text)}`;
  return (
    text
      // The tag of an image, the folder of its context.
      .replaceAll(/(?<=[:/])[0-9a-f]{12}\b/g, "TAG")
      // The checksum of files.
      .replace(/^[0-9a-f]{64}\b/, "HASH")
      // The name of a job.
      .replace(/^([a-z][a-z-]*)-[0-9a-f]{8}$/, "$1-HASH")
  );
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** A dependency on all resources of a type is one: `type.*`. */
function summarized(dependencies: readonly string[], resources: Readonly<Record<string, Block>>): string[] {
  return Object.entries(resources).reduce<string[]>(
    (left, [type, named]) => {
      const all = Object.keys(named).map((name) => `${type}.${name}`);
      if (all.length < 2 || !all.every((address) => left.includes(address))) return left;
      return [`${type}.*`, ...left.filter((address) => !all.includes(address))];
    },
    [...dependencies],
  );
}

let schemas: ReadonlyMap<string, string> | undefined;

/** The names of the schemas of the apps, by their content. */
function schemaNames(): ReadonlyMap<string, string> {
  schemas ??= new Map(
    readdirSync(join(ROOT, SCHEMAS)).map((name) => [
      readFileSync(join(ROOT, SCHEMAS, name), "utf8"),
      `content of ${SCHEMAS}/${name}`,
    ]),
  );
  return schemas;
}
