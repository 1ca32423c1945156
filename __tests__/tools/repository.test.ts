import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT } from "../../tools/cli/project";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const { version, license } = JSON.parse(read("package.json")) as { version: string; license: string };

/** Title and text of each section of the changelog that has entries. */
const changes = read("CHANGELOG.md")
  .split(/^## /m)
  .slice(1)
  .map((section) => [/^\S+/.exec(section)?.[0] ?? "", section.replace(/^.*/, "").trim()] as const)
  .filter(([, text]) => text !== "");

/** Line endings of a file in version control, as `git ls-files --eol` reports them. */
interface Endings {
  readonly path: string;
  /** In the index: lf, crlf, mixed, none, or -text for binary content. */
  readonly index: string;
  readonly attributes: string;
}

function lineEndings(): Endings[] {
  const output = execFileSync("git", ["ls-files", "--eol", "-z"], { cwd: ROOT, encoding: "utf8" });
  return output
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => {
      const [, index = "", attributes = "", path = ""] =
        /^i\/(\S*)\s+w\/\S*\s+attr\/(.*?)\s*\t(.*)$/s.exec(line) ?? [];
      return { path, index, attributes };
    });
}

describe("line endings", () => {
  const text = lineEndings().filter(({ index }) => index !== "-text");

  test("git reports text files", () => {
    expect(text.map(({ path }) => path)).toContain("package.json");
  });

  test("every text file is checked out with LF, whatever core.autocrlf says", () => {
    const without = text.filter(({ attributes }) => !attributes.split(" ").includes("eol=lf"));
    expect(without.map(({ path }) => path)).toEqual([]);
  });

  test("no text file is committed with CR LF", () => {
    expect(text.filter(({ index }) => index === "crlf" || index === "mixed")).toEqual([]);
  });
});

describe("release", () => {
  test("the chart and its images have the version of package.json", () => {
    expect(parse(read("charts/realtime-data-pipeline/Chart.yaml"))).toMatchObject({
      version,
      appVersion: version,
    });
  });

  test("package-lock.json has the version of package.json (npm install)", () => {
    expect(JSON.parse(read("package-lock.json"))).toMatchObject({ version });
  });

  test("the changelog has the version of package.json", () => {
    expect(changes.map(([title]) => title)).toContain(version);
  });

  test("every section of the changelog after the first version says how to upgrade", () => {
    const silent = changes.filter(([title, text]) => title !== "0.1.0" && !text.includes("### Upgrading"));
    expect(silent.map(([title]) => title)).toEqual([]);
  });

  test("LICENSE is the license of package.json", () => {
    expect(read("LICENSE").split("\n", 1)[0]).toBe(`${license} License`);
  });
});
