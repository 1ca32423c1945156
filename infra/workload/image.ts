import { createHash, Hash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { Construct } from "constructs";
import { DefinitionError } from "./errors";

/** A container image: {@link PulledImage} or {@link BuiltImage}. */
export abstract class Image extends Construct {
  /** Changes with the content: a workload that uses the image is replaced with it. */
  abstract readonly tag: string;
}

/** Properties of {@link PulledImage}. */
export interface PulledImageProps {
  /** Its name with a tag that does not move, e.g. `postgres:17.6`; with a digest where one is known. */
  readonly reference: string;
}

/** An image taken from a container registry as it is. */
export class PulledImage extends Image {
  readonly reference: string;

  constructor(scope: Construct, id: string, props: PulledImageProps) {
    super(scope, id);
    const tag = /(?::[\w.-]+)?(?:@sha256:[0-9a-f]{64})?$/.exec(props.reference)?.[0] ?? "";
    if (tag === "" || tag === ":latest") {
      throw new DefinitionError(
        this,
        `the image is "${props.reference}"; allowed is a name with a tag that does not move, e.g. postgres:17.6`,
      );
    }
    this.reference = props.reference;
  }

  get tag(): string {
    return this.reference;
  }
}

/** What a build needs besides the files in its directory. */
export interface BuiltImageProps {
  /** The directory that holds the Dockerfile and is the build context. */
  readonly directory: string;
  /**
   * Images the Dockerfile builds on, by the build argument that names them: another image of this project, or
   * the name of one that the engine has or can pull.
   * @default - none
   */
  readonly parents?: Readonly<Record<string, Image | string>>;
}

/**
 * A container image built from a directory of this project.
 *
 * Its `tag` is a hash of everything that goes into it, parents included: an image is built again when its inputs
 * change and only then, and a workload that uses it is replaced with it.
 */
export class BuiltImage extends Image {
  readonly directory: string;
  readonly parents: Readonly<Record<string, Image | string>>;
  /** Twelve hexadecimal digits. */
  readonly tag: string;

  constructor(scope: Construct, id: string, props: BuiltImageProps) {
    super(scope, id);
    this.directory = props.directory;
    this.parents = props.parents ?? {};
    this.tag = this.hash();
  }

  private hash(): string {
    const hash = createHash("sha256");
    for (const [argument, parent] of Object.entries(this.parents).sort(([a], [b]) => a.localeCompare(b))) {
      hash.update(`${argument}=${typeof parent === "string" ? parent : parent.tag}\0`);
    }
    hashFiles(hash, this.directory);
    return hash.digest("hex").slice(0, 12);
  }
}

/** Takes every file below a directory into a hash: its path there, whether its owner may execute it, and its content. */
export function hashFiles(hash: Hash, directory: string): void {
  for (const file of filesBelow(directory)) {
    hash
      .update(`${relative(directory, file)}\0${isExecutable(file) ? "x" : ""}\0`)
      .update(readFileSync(file))
      .update("\0");
  }
}

/** Whether a file's owner may execute it, which is all of a mode that git keeps. */
export function isExecutable(file: string): boolean {
  return (statSync(file).mode & 0o100) !== 0;
}

/** Every file below a directory, in an order that is the same on every machine. */
function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}
