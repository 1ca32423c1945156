import execa from "execa";
import { imageName } from "../../tools/test-services/services";
import { Contract, contracts } from "../support/image-contracts";

/** The images that this project builds, held against the contracts of the official ones for real. */
describe.each(Object.entries(contracts))("%s", (key, contract: Contract) => {
  let image: string;
  beforeAll(async () => {
    image = await imageName(key as keyof typeof contracts);
  });

  /** Runs a script in the image as the contract's user, with a deploy's restrictions. */
  async function inside(script: string): Promise<string> {
    const { uid, gid } = contract.user;
    const restrictions = ["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--network", "none"];
    const options = ["run", "--rm", "--user", `${uid}:${gid}`, ...restrictions, "--entrypoint", "bash"];
    return (await execa("docker", [...options, image, "-c", script])).stdout;
  }

  test("has its commands", async () => {
    const missing = contract.commands.map((command) => `command -v ${command} >/dev/null || echo ${command}`);
    expect(await inside(missing.join("\n"))).toBe("");
  });

  test("can write where it has to", async () => {
    const denied = contract.writable.map((path) => `[ -w ${path} ] || echo ${path}`);
    expect(await inside(denied.join("\n"))).toBe("");
  });

  test("stops on its signal", async () => {
    const { stdout } = await execa("docker", [
      "image",
      "inspect",
      "--format",
      "{{.Config.StopSignal}}",
      image,
    ]);
    expect(stdout || "SIGTERM").toBe(contract.stopSignal);
  });
});
