import { Deployment } from "../../tools/proof/deployment";
import { Clone } from "../../tools/upgrade/clone";

/**
 * What holds while a pipeline runs and a second checkout of this project, which has deployed nothing, is used on the same
 * machine: it reports the pipeline and leaves it alone.
 * @param present what is there of containers or pods
 * @param standsInTheWay the message for the same names
 */
export function proveSeparateCheckouts(
  deployment: Deployment,
  present: () => Promise<readonly unknown[]>,
  standsInTheWay: RegExp,
): void {
  const { name } = deployment.target;

  describe("a second checkout", () => {
    let other: Clone;
    let before: readonly unknown[];
    beforeAll(async () => {
      other = await Clone.ofPresent();
      before = await present();
    });
    afterAll(() => other.remove());
    afterEach(async () => expect(await present()).toEqual(before));

    test("make up reports what has its names, once, and changes nothing", async () => {
      const { exitCode, output } = await other.attempt("up", name);
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(standsInTheWay);
      expect(output).not.toMatch(/removed|ports\./);
    });

    test("make up with another namePrefix reports the ports, once", async () => {
      const { exitCode, output } = await other.attempt("up", name, { PIPELINE_NAME_PREFIX: "second" });
      expect(exitCode).not.toBe(0);
      expect(output.match(/✘ ports .* are in use by /g)).toHaveLength(1);
    });

    test.each(["down", "destroy"])("make %s removes nothing", async (command) => {
      const { exitCode, output } = await other.attempt(command, name);
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/nothing was removed|this checkout has no deployment/);
    });

    test("make destroy with another namePrefix finds nothing to remove", async () => {
      const { exitCode, output } = await other.attempt("destroy", name, { PIPELINE_NAME_PREFIX: "second" });
      expect(output).toMatch(/nothing to remove: this checkout has no deployment/);
      expect(exitCode).toBe(0);
    });
  });
}
