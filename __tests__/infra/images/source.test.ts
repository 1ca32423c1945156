import { chooseControlCenter, chooseImageSource } from "../../../infra/images/source";

test("a new deployment builds its images, the way that is tested, unless it is asked to pull", () => {
  expect(chooseImageSource("auto", undefined)).toBe("build");
  expect(chooseImageSource("build", undefined)).toBe("build");
  expect(chooseImageSource("pull", undefined)).toBe("pull");
});

test.each(["pull", "build"] as const)("a deployment keeps the source that it has recorded: %s", (source) => {
  expect(chooseImageSource("auto", source)).toBe(source);
  expect(chooseImageSource(source, source)).toBe(source);
});

test("data that one kind of images wrote is not given to the other", () => {
  expect(() => chooseImageSource("pull", "build")).toThrow(
    /images: got "pull", .* written by images from "build"; expected "build" or "auto"; .* make destroy/,
  );
});

test("Confluent's Control Center is deployed only on request, and only with the official images", () => {
  expect(chooseControlCenter("auto", "pull")).toBe("open");
  expect(chooseControlCenter("auto", "build")).toBe("open");
  expect(chooseControlCenter("confluent", "pull")).toBe("confluent");
  expect(() => chooseControlCenter("confluent", "build")).toThrow(
    /controlCenter: got "confluent".*expected "open"/,
  );
});
