import { once } from "node:events";
import { createServer } from "node:net";
import { PROJECT } from "../../../infra/platforms/common";
import { Settings } from "../../../infra/settings";
import { Finding, fine, problem } from "./check";
import { containerOn, Publisher } from "./engine";

/** A port of the settings that is in use. */
interface Taken {
  readonly setting: string;
  readonly port: number;
  /** The container that publishes it; undefined if another program holds it. */
  readonly publisher?: Publisher;
}

/**
 * Checks that the ports on the host are free: one finding for each program, container or pipeline that holds some.
 * @param expected containers that may hold a port: the pipeline's own, and those that the check of names reports
 */
export async function checkPorts(
  ports: Settings["ports"],
  expected: ReadonlySet<string>,
): Promise<Finding[]> {
  const taken: Taken[] = [];
  for (const [name, port] of Object.entries(ports)) {
    if (await isFree(port)) continue;
    const publisher = await containerOn(port);
    if (publisher !== undefined && expected.has(publisher.name)) continue;
    taken.push({ setting: `ports.${name}`, port, publisher });
  }
  if (taken.length === 0)
    return [fine("ports", `${Object.values(ports).join(", ")} are free or used by the pipeline`)];
  const byHolder = new Map<string, Taken[]>();
  for (const each of taken) {
    const { publisher, port } = each;
    const holder = publisher === undefined ? String(port) : publisher.pipeline || publisher.name;
    byHolder.set(holder, [...(byHolder.get(holder) ?? []), each]);
  }
  return [...byHolder.values()].map(inUse);
}

function inUse(taken: readonly Taken[]): Finding {
  const [{ port, publisher }] = taken as [Taken, ...Taken[]];
  const numbers = taken.map((each) => `${each.port} (${each.setting})`).join(", ");
  const state = `${numbers} ${taken.length === 1 ? "is" : "are"} in use by`;
  const otherwise = `or choose another port: ${taken.map(({ setting }) => setting).join(", ")} in cdktf.json`;
  if (publisher === undefined) {
    const find = `ss -ltnp 'sport = :${port}' (macOS: lsof -i :${port})`;
    return problem(
      "ports",
      `${state} another program`,
      `To find the program, run: ${find}; stop the program,`,
      otherwise,
    );
  }
  const { name, pipeline } = publisher;
  return pipeline === ""
    ? problem(
        "ports",
        `${state} the container ${name}`,
        `Stop the container: docker stop ${name},`,
        otherwise,
      )
    : problem(
        "ports",
        `${state} another pipeline on this machine, which has the label ${PROJECT}=${pipeline}`,
        "Stop it: run make down in its checkout,",
        otherwise,
      );
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    return true;
  } catch (error) {
    // This user may lack the permission that the engine has.
    return (error as NodeJS.ErrnoException).code !== "EADDRINUSE";
  } finally {
    server.close();
  }
}
