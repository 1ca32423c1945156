import { chooseControlCenter, chooseImageSource } from "../../../infra/images/source";

const answers = () => true;
const silent = () => false;
const notAsked = (): never => {
  throw new Error("asked the registry");
};

test("the first deploy pulls where a container registry answers and builds elsewhere", () => {
  expect(chooseImageSource("auto", undefined, answers)).toBe("pull");
  expect(chooseImageSource("auto", undefined, silent)).toBe("build");
});

test.each(["pull", "build"] as const)(
  "%s: what is asked for, or was recorded, is not a question any more",
  (source) => {
    expect(chooseImageSource(source, undefined, notAsked)).toBe(source);
    expect(chooseImageSource("auto", source, notAsked)).toBe(source);
    expect(chooseImageSource(source, source, notAsked)).toBe(source);
  },
);

test("data that one kind of images wrote is not given to the other", () => {
  expect(() => chooseImageSource("pull", "build", notAsked)).toThrow(
    /images: got "pull", .* written by images from "build"; expected "build" or "auto"; .* make destroy/,
  );
});

test("Confluent's Control Center comes with the official images, unless the open one is asked for", () => {
  expect(chooseControlCenter("auto", "pull")).toBe("confluent");
  expect(chooseControlCenter("open", "pull")).toBe("open");
  expect(chooseControlCenter("auto", "build")).toBe("open");
  expect(() => chooseControlCenter("confluent", "build")).toThrow(
    /controlCenter: got "confluent".*expected "open"/,
  );
});
