import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

const WEB = join(__dirname, "web");

/** Builds what the browser gets into a directory: app.js, app.css and the page that loads them. */
export function buildFrontEnd(directory: string): void {
  buildSync({
    entryPoints: { app: join(WEB, "src/main.tsx") },
    outdir: directory,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2023",
    absWorkingDir: WEB,
    logLevel: "error",
    jsx: "automatic",
    jsxImportSource: "preact",
  });
  for (const file of ["index.html", "favicon.svg"]) copyFileSync(join(WEB, file), join(directory, file));
}
