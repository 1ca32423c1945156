import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { type BuildOptions, buildSync } from "esbuild";
import { hashFiles } from "../workload";

const ROOT = join(__dirname, "../..");
/** Build contexts that are put together at synth. */
const STAGING = join(ROOT, ".build/images");
/** What belongs to an app's development and not into its image. */
const NOT_SHIPPED = [
  "tests",
  "__pycache__",
  "requirements-test.txt",
  "pytest.ini",
  ".hypothesis",
  ".ruff_cache",
];

/** Puts the image directory NAME and folders of apps/ together as one build context. */
export function stageContext(name: string, folders: readonly string[]): string {
  return contextOnce(name, name, (context) => {
    for (const folder of folders) {
      cpSync(join(ROOT, "apps", folder), join(context, folder), {
        recursive: true,
        filter: (source) => !NOT_SHIPPED.includes(basename(source)),
      });
    }
  });
}

/** Bundles a TypeScript app and everything it imports to one file, next to the Dockerfile of image `node-app`. */
export function bundleNodeApp(name: string): string {
  return contextOnce(name, "node-app", (context) => bundle(name, context));
}

/** Bundles the Control Center; what it serves to browsers lies in `public`, beside the bundle. */
export function bundleControlCenter(): string {
  const name = "control-center";
  return contextOnce(name, "node-app", (context) => {
    bundle(name, context);
    bundleFrontEnd(name, join(context, "app/public"));
  });
}

function bundle(name: string, context: string): void {
  buildSync({
    entryPoints: [join(ROOT, "apps", name, "src/main.ts")],
    outfile: join(context, "app/index.js"),
    bundle: true,
    platform: "node",
    target: "node22",
    absWorkingDir: ROOT,
    logLevel: "error",
    loader: { ".avsc": "json" },
  });
  // Files the app reads at run time, e.g. SQL: they keep their place beside the bundle.
  for (const folder of ["sql", "cql"]) {
    const source = join(ROOT, "apps", name, folder);
    if (existsSync(source)) cpSync(source, join(context, "app", folder), { recursive: true });
  }
}

/** Builds what an app serves to browsers, as the app's web/esbuild.json says. */
function bundleFrontEnd(name: string, outdir: string): void {
  const web = join(ROOT, "apps", name, "web");
  const options = JSON.parse(readFileSync(join(web, "esbuild.json"), "utf8")) as BuildOptions;
  buildSync({ ...options, absWorkingDir: web, outdir });
}

/** The contexts that this process has put together: the stacks of both targets use the same. */
const made = new Map<string, string>();

/**
 * Puts a context together, beginning with the image directory DOCKERFILE_OF, unless this process has done so already. It is
 * made under another name and then called by its content, and never changes: several processes may do so at once.
 */
function contextOnce(name: string, dockerfileOf: string, fill: (context: string) => void): string {
  const present = made.get(name);
  if (present !== undefined) return present;
  mkdirSync(STAGING, { recursive: true });
  const draft = mkdtempSync(join(STAGING, `draft-${name}-`));
  try {
    cpSync(join(__dirname, dockerfileOf), draft, { recursive: true });
    fill(draft);
    const hash = createHash("sha256");
    hashFiles(hash, draft);
    const context = join(STAGING, `${name}-${hash.digest("hex").slice(0, 12)}`);
    if (!existsSync(context)) moveTo(context, draft);
    made.set(name, context);
    return context;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Gives a directory another name, unless another process was quicker. */
function moveTo(name: string, directory: string): void {
  try {
    renameSync(directory, name);
  } catch (error) {
    if (!existsSync(name)) throw error;
  }
}
