import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import execa from "execa";
import { ROOT } from "../../tools/cli/project";

/** A small repository in which every rule of .dependency-cruiser.js and knip.jsonc is broken once. */
const BROKEN: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({
    name: "broken",
    workspaces: ["apps/*"],
    dependencies: { cdktf: "1.0.0" },
    devDependencies: { "@pipeline/common": "1.0.0", "left-over": "1.0.0" },
  }),
  "node_modules/cdktf/package.json": JSON.stringify({ name: "cdktf", version: "1.0.0", main: "index.js" }),
  "node_modules/cdktf/index.js": "exports.App = class {};",
  "main.ts": 'import "./infra/pipeline"; import "./infra/cycle-a";',

  "infra/pipeline.ts": [
    'import "../tools/report/main";',
    'import "../apps/common/src/index";',
    'import "./missing";',
    'import "@pipeline/common";',
  ].join("\n"),
  "infra/cycle-a.ts": 'import type { B } from "./cycle-b"; export type A = B | 1;',
  "infra/cycle-b.ts": 'import type { A } from "./cycle-a"; export type B = A | 2;',
  "infra/model/entity.ts": 'import "cdktf"; import "../pipeline"; import "./field"; export const entity = 1;',
  "infra/model/field.ts": "export const unused = 1;",
  "infra/orphan.ts": "export {};",

  "tools/report/main.ts": 'import "../../apps/common/src/topic"; import "@pipeline/common";',
  "apps/common/package.json": JSON.stringify({
    name: "@pipeline/common",
    exports: { ".": "./src/index.ts" },
  }),
  "apps/common/src/index.ts": [
    'import "cdktf";',
    'import "unlisted";',
    'import "../../../tools/report/main";',
    'import "../../../infra/pipeline";',
    'import { entity } from "../../../infra/model/entity";',
    "console.log(entity);",
    "export const offered = 1;",
  ].join("\n"),
  "apps/common/src/topic.ts": "export {};",
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "order-"));
  for (const [path, text] of Object.entries(BROKEN)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  // As npm links a workspace.
  mkdirSync(join(folder, "node_modules/@pipeline"));
  symlinkSync("../../apps/common", join(folder, "node_modules/@pipeline/common"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a tool prints about the broken repository, which it must refuse. */
async function findings(tool: string, args: readonly string[]): Promise<string> {
  const { stdout, exitCode } = await execa(join(ROOT, "node_modules/.bin", tool), args, {
    cwd: folder,
    // The tools colour their output also where CI or FORCE_COLOR is set.
    env: { NO_COLOR: "1" },
    reject: false,
  });
  expect(exitCode).not.toBe(0);
  return stdout;
}

describe("dependency-cruiser", () => {
  let report: string;
  beforeAll(async () => {
    const config = join(ROOT, ".dependency-cruiser.js");
    const output = await findings("depcruise", ["--config", config, "--output-type", "err-long", "."]);
    report = output.replace(/\s+/g, " ");
  });

  test.each([
    "no-cycles: infra/cycle-a.ts → infra/cycle-b.ts",
    "infra-without-tools: infra/pipeline.ts → tools/report/main.ts",
    "infra-without-apps: infra/pipeline.ts → apps/common/src/index.ts",
    "apps-stand-alone: apps/common/src/index.ts → infra/pipeline.ts",
    "apps-stand-alone: apps/common/src/index.ts → tools/report/main.ts",
    "model-is-pure: infra/model/entity.ts → node_modules/cdktf/index.js",
    "model-is-pure: infra/model/entity.ts → infra/pipeline.ts",
    "apps-as-packages: tools/report/main.ts → apps/common/src/topic.ts",
    "app-dependencies-declared: apps/common/src/index.ts → node_modules/cdktf/index.js",
    "imports-exist: infra/pipeline.ts → ./missing",
  ])("rejects %s", (violation) => {
    expect(report).toContain(violation);
  });

  test.each([
    ["an app's import of infra/model", "apps-stand-alone: apps/common/src/index.ts → infra/model/entity.ts"],
    ["an import within infra/model", "model-is-pure: infra/model/entity.ts → infra/model/field.ts"],
    [
      "a tool's import of an app's package",
      "apps-as-packages: tools/report/main.ts → apps/common/src/index.ts",
    ],
  ])("accepts %s", (_name, violation) => {
    expect(report).not.toContain(violation);
  });

  test("says what to do", () => {
    expect(report).toContain("Move what both files need into a third file that imports neither.");
  });
});

describe("knip", () => {
  let report: string;
  beforeAll(async () => {
    report = await findings("knip", [
      "--config",
      join(ROOT, "knip.jsonc"),
      "--reporter",
      "compact",
      "--no-progress",
    ]);
  });

  test.each([
    ["a file that nothing imports", /Unused files[^]*infra\/orphan\.ts/],
    ["a dependency that nothing imports", /left-over/],
    [
      "a dependency that no package.json lists",
      /Unlisted dependencies[^]*apps\/common\/src\/index\.ts: unlisted/,
    ],
    ["an export that nothing imports", /infra\/model\/field\.ts: unused/],
    ["an export that a package offers and nothing imports", /apps\/common\/src\/index\.ts: offered/],
  ])("rejects %s", (_name, finding) => {
    expect(report).toMatch(finding);
  });
});
