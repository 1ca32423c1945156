import { RootConstruct } from "constructs";
import { Image } from "../../../infra/workload";
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
  const on = (id: string, BASE: Image | string) => new Image(root, id, { directory, parents: { BASE } }).tag;
  const tags = [
    on("1", imageOf(root, "p", FILES)),
    on("2", imageOf(root, "q", { Dockerfile: "" })),
    on("3", "debian"),
  ];
  expect(new Set(tags).size).toBe(3);
});
