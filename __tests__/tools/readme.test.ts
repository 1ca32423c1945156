import { readme, withSettings } from "../../tools/docs/readme";

test("the README's table of settings is that of the code (make readme)", () => {
  expect(readme()).toBe(withSettings(readme()));
});
