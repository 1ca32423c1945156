import { once } from "node:events";
import { createServer } from "node:net";
import { Settings } from "../../../infra/settings";
import { Finding, fine, problem } from "./check";
import { containerOn } from "./engine";

/**
 * Checks that the ports on the host are free.
 * @param expected containers that may hold a port: the pipeline's own, and those that the check of names reports
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
        `${port} (ports.${name}) is in use by ${container === undefined ? "another program" : `the container ${container}`}`,
        container === undefined
          ? `To find the program, run: ss -ltnp 'sport = :${port}' (macOS: lsof -i :${port}); stop the program,`
          : `Stop the container: docker stop ${container},`,
        `or choose another port: ports.${name} in cdktf.json`,
      ),
    );
  }
  return taken.length > 0
    ? taken
    : [fine("ports", `${Object.values(ports).join(", ")} are free or used by the pipeline`)];
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
