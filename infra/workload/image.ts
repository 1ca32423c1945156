import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Construct } from "constructs";

/** What a build needs besides the files in its directory. */
export interface ImageProps {
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
export class Image extends Construct {
  readonly directory: string;
  readonly parents: Readonly<Record<string, Image | string>>;
  /** Twelve hexadecimal digits. */
  readonly tag: string;

  constructor(scope: Construct, id: string, props: ImageProps) {
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
    for (const file of filesBelow(this.directory)) {
      hash
        .update(`${relative(this.directory, file)}\0`)
        .update(readFileSync(file))
        .update("\0");
    }
    return hash.digest("hex").slice(0, 12);
  }
}

/** Every file below a directory, in an order that is the same on every machine. */
function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}
