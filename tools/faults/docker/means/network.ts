import { createServer, connect, type Socket } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Containers } from "./containers";
import type { Toolbox } from "./toolbox";

/** What can happen to the connections from one service to another. */
export class Network {
  constructor(
    private readonly containers: Containers,
    private readonly toolbox: Toolbox,
  ) {}

  /** Drops every packet between the two until the action `during` ends; neither side is notified. */
  async cut(client: string, server: string, during: () => Promise<void>): Promise<void> {
    const { own } = await this.containers.address(server);
    const rules = [
      ["OUTPUT", "--destination", own, "--jump", "DROP"],
      ["INPUT", "--source", own, "--jump", "DROP"],
    ];
    await this.withRules(client, rules, during);
  }

  /**
   * Delays everything that the client sends to a port of the server until the action `during` ends. A proxy delays it,
   * since not every kernel can delay packets (netem).
   */
  async delay(
    client: string,
    server: { service: string; port: number },
    milliseconds: number,
    during: () => Promise<void>,
  ): Promise<void> {
    const { own, engine } = await this.containers.address(server.service);
    const proxy = new DelayingProxy({ host: own, port: server.port }, milliseconds);
    const port = await proxy.listen(engine);
    const toServer = ["OUTPUT", "--protocol", "tcp", "--destination", own, "--dport", String(server.port)];
    const rules = [
      ["--table", "nat", ...toServer, "--jump", "DNAT", "--to-destination", `${engine}:${port}`],
      // Connections made before would bypass the proxy, so they are broken.
      [...toServer, "--jump", "REJECT", "--reject-with", "tcp-reset"],
    ];
    try {
      await this.withRules(client, rules, during);
    } finally {
      await proxy.close();
    }
  }

  /** Puts rules of iptables into force in the network of a service. */
  private async withRules(
    service: string,
    rules: readonly (readonly string[])[],
    during: () => Promise<void>,
  ): Promise<void> {
    const pid = String(await this.containers.pid(service));
    const change = async (action: "--insert" | "--delete") => {
      for (const rule of rules) {
        const table = rule[0] === "--table" ? rule.slice(0, 2) : [];
        const chain = rule.slice(table.length);
        await this.toolbox.run("nsenter", "--target", pid, "--net", "iptables", ...table, action, ...chain);
      }
    };
    await change("--insert");
    try {
      await during();
    } finally {
      await change("--delete");
    }
  }
}

/** Passes connections on, with what the client sends a while later. */
class DelayingProxy {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => this.pass(client));

  constructor(
    private readonly target: { host: string; port: number },
    private readonly milliseconds: number,
  ) {}

  /** @returns the port it listens on */
  async listen(host: string): Promise<number> {
    this.server.listen(0, host);
    await once(this.server, "listening");
    return (this.server.address() as AddressInfo).port;
  }

  /** Breaks every connection. */
  async close(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, "close");
  }

  private pass(client: Socket): void {
    const server = connect(this.target);
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        this.sockets.delete(socket);
        for (const other of [client, server]) other.destroy();
      });
    }
    client.on("data", (chunk) => setTimeout(() => server.write(chunk), this.milliseconds));
    server.pipe(client);
  }
}
