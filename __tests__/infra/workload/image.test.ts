import { RootConstruct } from "constructs";
import { BuiltImage, Image, PulledImage } from "../../../infra/workload";
import { imageOf } from "../../support/definitions";

const FILES = { Dockerfile: "FROM scratch", run: "#!/bin/sh" };

test("the tag is the same for the same content, wherever it lies", () => {
  const root = new RootConstruct();
  expect(imageOf(root, "a", FILES).tag).toBe(imageOf(root, "b", FILES).tag);
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
