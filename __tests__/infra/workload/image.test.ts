import { chmodSync } from "node:fs";
import { join } from "node:path";
import { RootConstruct } from "constructs";
import { BuiltImage, Image, PulledImage } from "../../../infra/workload";
import { imageOf } from "../../support/definitions";

const FILES = { Dockerfile: "FROM scratch", run: "#!/bin/sh" };

test("the tag is the same for the same content, wherever it lies", () => {
  const root = new RootConstruct();
  expect(imageOf(root, "a", FILES).tag).toBe(imageOf(root, "b", FILES).tag);
});

test("the tag changes with whether a file is executable, and with nothing else of its mode", () => {
  const root = new RootConstruct();
  const { directory, tag } = imageOf(root, "a", FILES);
  const withMode = (mode: number) => {
    chmodSync(join(directory, "run"), mode);
    return new BuiltImage(root, mode.toString(8), { directory }).tag;
  };
  expect([0o600, 0o640, 0o444].map(withMode)).toEqual([tag, tag, tag]);
  const [executable] = [0o755, 0o700, 0o511].map(withMode);
  expect(executable).not.toBe(tag);
  expect([0o750, 0o500].map(withMode)).toEqual([executable, executable]);
});

test.each([
  ["a changed file", { ...FILES, run: "#!/bin/bash" }],
  ["a renamed file", { Dockerfile: FILES.Dockerfile, start: FILES.run }],
  ["another file", { ...FILES, more: "" }],
])("the tag changes with %s", (_what, files) => {
  const root = new RootConstruct();
  expect(imageOf(root, "a", FILES).tag).not.toBe(imageOf(root, "b", files).tag);
});

test("the tag changes with the content of a parent", () => {
  const root = new RootConstruct();
  const { directory } = imageOf(root, "child", FILES);
  const on = (id: string, BASE: Image | string) =>
    new BuiltImage(root, id, { directory, parents: { BASE } }).tag;
  const tags = [
    on("1", imageOf(root, "p", FILES)),
    on("2", imageOf(root, "q", { Dockerfile: "" })),
    on("3", "debian"),
  ];
  expect(new Set(tags).size).toBe(3);
});

test.each(["postgres", "postgres:latest", "apache/spark", "localhost:5000/postgres"])(
  "%s is refused: what it names may change",
  (reference) => {
    const root = new RootConstruct();
    expect(() => new PulledImage(root, "image", { reference })).toThrow(/a tag that does not move/);
  },
);

test.each(["postgres:17.6", "localhost:5000/postgres:17", `postgres@sha256:${"0".repeat(64)}`])(
  "%s is an image to pull",
  (reference) => {
    expect(new PulledImage(new RootConstruct(), "image", { reference }).reference).toBe(reference);
  },
);
