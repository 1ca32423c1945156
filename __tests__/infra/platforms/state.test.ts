import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { forgetState, readState, recordedImageSource, restoreState } from "../../../infra/platforms/common";

const BEFORE = { outputs: { image_source: { value: "pull" } } };

let stack: string;
beforeEach(() => {
  stack = `test-${randomUUID()}`;
});
afterEach(() => forgetState(stack));

const write = (suffix: string, content: string) =>
  writeFileSync(join(__dirname, "../../..", `terraform.${stack}.tfstate${suffix}`), content);

test("nothing is recorded where there is no state, nor in one that a killed deploy left empty", () => {
  expect(readState(stack)).toBeUndefined();
  write("", "");
  restoreState(stack);
  expect(readState(stack)).toBeUndefined();
  expect(recordedImageSource(stack)).toBeUndefined();
});

test("what a killed deploy left empty is taken back from before it", () => {
  write("", "");
  write(".backup", JSON.stringify(BEFORE));
  restoreState(stack);
  expect(readState(stack)).toEqual(BEFORE);
  expect(recordedImageSource(stack)).toBe("pull");
});

test("a state that is whole stays as it is", () => {
  write("", JSON.stringify({ outputs: {} }));
  write(".backup", JSON.stringify(BEFORE));
  restoreState(stack);
  expect(recordedImageSource(stack)).toBeUndefined();
});
