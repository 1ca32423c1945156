import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { pause } from "@pipeline/common";
import { testServices } from "@pipeline/common/testing/services";

/** Slow enough for thousands of users to take a minute, fast enough for those in flight not to take seconds. */
const BYTES_PER_MS = 100;

/** The real Cassandra behind a proxy that passes requests on slowly: what is begun is not done before a test can act. */
export class SlowCassandra {
  readonly #sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on("connection", (client) => this.#serve(client));
  }

  static async start(): Promise<SlowCassandra> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new SlowCassandra(server);
  }

  /** What a sink that uses it has in its environment. */
  get env(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    return { CASSANDRA_HOST: "127.0.0.1", CASSANDRA_PORT: String(port) };
  }

  #serve(client: Socket): void {
    const { host, port } = testServices().cassandra;
    const server = connect(port, host);
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on("close", () => [client, server].forEach((each) => each.destroy()));
      socket.on("error", () => {}); // followed by "close"
    }
    server.pipe(client);
    const passOn = async () => {
      for await (const chunk of client as AsyncIterable<Buffer>) {
        await pause(chunk.length / BYTES_PER_MS);
        server.write(chunk);
      }
    };
    passOn().catch(() => {}); // the connection ended
  }

  async close(): Promise<void> {
    this.server.close();
    this.#sockets.forEach((socket) => socket.destroy());
    await once(this.server, "close");
  }
}
