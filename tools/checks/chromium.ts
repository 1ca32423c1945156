import { existsSync } from "node:fs";
import execa from "execa";
import { UserError } from "../cli/errors";

/** Makes sure that there is a Chromium for the browser tests: the distribution's, or the one that CHROMIUM names. */
export async function installChromium(): Promise<void> {
  if (existsSync(process.env.CHROMIUM ?? "/usr/bin/chromium")) return;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new UserError(
      "the browser tests need Chromium; install your system's package, and set CHROMIUM to its path if that is not /usr/bin/chromium",
    );
  }
  console.log("installing Debian's package chromium");
  const apt = ["-o", "DPkg::Lock::Timeout=120", "-qq"];
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await execa("apt-get", [...apt, "update"], { env });
  await execa("apt-get", [...apt, "install", "--yes", "--no-install-recommends", "chromium"], { env });
}
