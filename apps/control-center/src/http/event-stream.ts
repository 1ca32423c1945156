import type { FastifyReply } from "fastify";

/** Comments keep proxies from closing a quiet connection. */
const KEEP_ALIVE_MS = 15_000;
/** A browser that is so far behind has stopped reading: it is let go, and comes again by itself. */
const MAX_PENDING_BYTES = 4 * 1024 * 1024;

/**
 * Answers a request with server-sent events.
 *
 * @param subscribe gets a function that sends one event; returns how to stop, called when the browser has gone
 */
export function eventStream(
  reply: FastifyReply,
  subscribe: (send: (event: string, data: unknown) => void) => () => void,
): void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...headersOf(reply),
    "content-type": "text/event-stream",
    "cache-control": "no-store",
  });
  raw.write("retry: 2000\n\n");
  const write = (text: string) => {
    if (raw.writableLength > MAX_PENDING_BYTES) raw.destroy();
    else raw.write(text);
  };
  const unsubscribe = subscribe((event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
  const timer = setInterval(() => write(":\n\n"), KEEP_ALIVE_MS);
  raw.on("close", () => {
    clearInterval(timer);
    unsubscribe();
  });
}

/** Those that hooks have set; a hijacked reply no longer sends them itself. */
function headersOf(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]));
}
