import { existsSync } from "node:fs";
import { UserError } from "../cli/errors";
import { install } from "./install";

/** Installs Chromium for the browser tests, unless it is present or CHROMIUM names another one. */
export async function installChromium(): Promise<void> {
  if (existsSync(process.env.CHROMIUM ?? "/usr/bin/chromium")) return;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new UserError(
      "cannot run the browser tests: Chromium not found; install the package of your system, and set CHROMIUM to its path if that is not /usr/bin/chromium",
    );
  }
  console.log("installing the Debian package chromium");
  const apt = ["-o", "DPkg::Lock::Timeout=120", "-qq"];
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const packages = ["install", "--yes", "--no-install-recommends", "chromium"];
  for (const command of [["update"], packages]) {
    await install("Chromium", "apt-get", [...apt, ...command], env);
  }
}
