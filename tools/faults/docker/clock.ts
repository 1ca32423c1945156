import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DockerFault, DockerScene } from "./scene";

/** Milliseconds that users are processed with the wrong clock. */
const LASTS = 30_000;
const LIBRARY = "/usr/local/lib/libfaketime.so";

/** Makes every program of a container load libfaketime, or none, and restarts the container. */
async function setClock(
  { containers, toolbox }: DockerScene,
  app: string,
  offset: string | undefined,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "clock-"));
  const copy = async (content: string, path: string) => {
    const file = join(folder, "file");
    writeFileSync(file, content);
    await containers.copy(file, app, path);
  };
  try {
    await toolbox.extract(LIBRARY, join(folder, "library"));
    await containers.copy(join(folder, "library"), app, LIBRARY);
    await copy(offset ?? "", "/etc/faketimerc");
    await copy(offset === undefined ? "" : `${LIBRARY}\n`, "/etc/ld.so.preload");
    await containers.kill(app);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function wrong(app: string, offset: string, direction: string): DockerFault {
  return {
    id: `${app}-clock`,
    title: `clock of ${app} 5 minutes ${direction}`,
    goal: 30,
    async act(scene) {
      await setClock(scene, app, offset);
      await sleep(LASTS);
    },
    tidy: (scene) => setClock(scene, app, undefined),
  };
}

/** Apps that take the time to be another. */
export const CLOCK: readonly DockerFault[] = [wrong("producer", "+5m", "fast"), wrong("sink", "-5m", "slow")];
