import { once } from "node:events";
import { createServer } from "node:net";
import { Settings } from "../../../infra/settings";
import { Finding, fine, problem } from "./check";
import { containerOn } from "./engine";

/**
 * Whether the ports on the host are free.
 * @param expected containers that may hold one: the pipeline's own, or those whose name is taken, which is told elsewhere
 */
export async function checkPorts(
  ports: Settings["ports"],
  expected: ReadonlySet<string>,
): Promise<Finding[]> {
  const taken: Finding[] = [];
  for (const [name, port] of Object.entries(ports)) {
    if (await isFree(port)) continue;
    const container = await containerOn(port);
    if (container !== undefined && expected.has(container)) continue;
    taken.push(
      problem(
        "ports",
        `${port} (ports.${name}) is taken by ${container === undefined ? "another program" : `the container ${container}`}`,
        container === undefined
          ? `See which: ss -ltnp 'sport = :${port}' (lsof -i :${port} on macOS), and end it,`
          : `Stop it: docker stop ${container},`,
        `or choose another: ports.${name} in cdktf.json`,
      ),
    );
  }
  return taken.length > 0
    ? taken
    : [fine("ports", `${Object.values(ports).join(", ")} are free or the pipeline's own`)];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    return true;
  } catch (error) {
    // The engine may use ports that this user may not.
    return (error as NodeJS.ErrnoException).code !== "EADDRINUSE";
  } finally {
    server.close();
  }
}
