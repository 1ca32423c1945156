import { randomUUID } from "node:crypto";
import execa from "execa";
import { PASSED } from "../../tools/checks/check";
import { undisturbed } from "../../tools/test-services/guard";
import { imageName, TESTS_LABEL } from "../../tools/test-services/services";

/** Stand-ins for a shared server and for one of a test's own. */
const shared = `guard-shared-${randomUUID().slice(0, 8)}`;
const own = `guard-own-${randomUUID().slice(0, 8)}`;

beforeEach(async () => {
  const image = await imageName("postgres");
  for (const name of [shared, own]) {
    const options = ["--detach", "--name", name, "--label", TESTS_LABEL, "--entrypoint", "sleep"];
    await execa("docker", ["run", ...options, image, "infinity"]);
  }
});
afterEach(() => execa("docker", ["rm", "--force", "--volumes", shared, own]));

test.each([
  { what: "stops a shared server", command: ["kill", shared], failed: 1 },
  { what: "restarts a shared server", command: ["restart", "--time", "0", shared], failed: 1 },
  { what: "stops a server of its own", command: ["kill", own], failed: 0 },
])("a suite that $what: $failed failed", async ({ command, failed }) => {
  const suite = async () => {
    await execa("docker", command);
    return PASSED;
  };
  expect(await undisturbed(suite, [shared])).toEqual({ passed: 1, failed });
});
