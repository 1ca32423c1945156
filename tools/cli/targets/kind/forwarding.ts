import { once } from "node:events";
import { createConnection } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import execa from "execa";
import { PublishedPort } from "../../../../infra/platforms/kubernetes";
import { kubectl } from "./kubectl";

/** Forwards the ports of a cluster to this machine's loopback address while `use` runs. */
export async function withForwarding<T>(ports: readonly PublishedPort[], use: () => Promise<T>): Promise<T> {
  const forwards = ports.map(({ service, port, host }) =>
    kubectl(["port-forward", `service/${service}`, `${host}:${port}`], { reject: false, stdio: "ignore" }),
  );
  try {
    await Promise.all(ports.map(({ host }, i) => listening(host, forwards[i]!)));
    return await use();
  } finally {
    for (const forward of forwards) forward.kill();
    await Promise.all(forwards);
  }
}

/** Waits until a port answers or its forwarding ends. In the latter case, the client of the port fails. */
async function listening(port: number, forward: execa.ExecaChildProcess): Promise<void> {
  while (forward.exitCode === null) {
    const socket = createConnection({ host: "127.0.0.1", port });
    try {
      await once(socket, "connect");
      return;
    } catch {
      await sleep(100);
    } finally {
      socket.destroy();
    }
  }
}
