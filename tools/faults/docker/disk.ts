import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Names } from "../../../infra/platforms/docker";
import { settings } from "../../cli/project";
import { run } from "../../proof/support";
import type { DockerFault } from "./scene";

/** Milliseconds that the disk is full. */
const LASTS = 30_000;
/** MiB that are free on the small disk at first. */
const FREE = 64;

/** Where the engine keeps the broker's log directory. */
function logDirectory(): Promise<string> {
  const volume = new Names(settings().namePrefix).volume("broker-data");
  return run("docker", "volume", "inspect", "--format", "{{.Mountpoint}}", volume);
}

/**
 * The broker's log directory on a disk of its own that fills up. Needs root on the engine's machine: nobody else can put
 * another file system where a volume is.
 */
export const DISK: readonly DockerFault[] = [
  {
    id: "disk-full",
    title: "disk of the broker's log directory full for 30 s",
    goal: 60,
    async act({ containers, load }) {
      const directory = await logDirectory();
      await containers.stop("broker");
      const used = Number((await run("du", "--summarize", "--block-size=1M", directory)).split("\t")[0]);
      const small = mkdtempSync(join(tmpdir(), "disk-"));
      await run("mount", "-t", "tmpfs", "-o", `size=${used + FREE}m`, "faults", small);
      await run("cp", "--archive", "--sparse=always", `${directory}/.`, small);
      await run("mount", "--move", small, directory);
      rmdirSync(small);
      await containers.start("broker");
      await sleep(LASTS);
      // Fails when the disk is full, which is the purpose.
      const filler = join(directory, "filler");
      await run("dd", "if=/dev/zero", `of=${filler}`, "bs=1M").catch(() => undefined);
      await load.burst(3000);
      await sleep(LASTS);
      await run("rm", filler);
    },
    async tidy({ containers }) {
      const directory = await logDirectory();
      await containers.stop("broker");
      const kept = mkdtempSync(join(tmpdir(), "disk-"));
      await run("cp", "--archive", "--sparse=always", `${directory}/.`, kept);
      await run("umount", directory);
      // What was below all the while is older.
      await run("find", directory, "-mindepth", "1", "-delete");
      await run("cp", "--archive", "--sparse=always", `${kept}/.`, directory);
      await run("rm", "--recursive", kept);
      await containers.start("broker");
    },
  },
];
