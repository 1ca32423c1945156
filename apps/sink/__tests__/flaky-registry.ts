import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** The real registry behind a proxy that can be told to answer 503, or not to know a schema id. */
export class FlakyRegistry {
  broken = false;
  unknownId: number | undefined;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(registryUrl: string): Promise<FlakyRegistry> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const made = new FlakyRegistry(server, `http://127.0.0.1:${port}`);
    server.on("request", (request, response) => {
      made
        .answer(request, registryUrl)
        .then(({ status, body }) => response.writeHead(status).end(body))
        .catch(() => response.destroy());
    });
    return made;
  }

  private async answer(
    request: IncomingMessage,
    registryUrl: string,
  ): Promise<{ status: number; body: string }> {
    if (this.broken) return { status: 503, body: "{}" };
    const { method, url, headers } = request;
    if (url === `/schemas/ids/${this.unknownId}`) return { status: 404, body: '{"error_code": 40403}' };
    const body = await text(request);
    const answer = await fetch(registryUrl + url!, {
      method,
      headers: { "content-type": headers["content-type"] ?? "application/json" },
      ...(body === "" ? {} : { body }),
    });
    return { status: answer.status, body: await answer.text() };
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, "close");
  }
}
