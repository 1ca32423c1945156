import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

interface StaticFile {
  type: string;
  plain: Buffer;
  gzip: Buffer;
  etag: string;
}

/**
 * Serves the built front end. It is a handful of files, read and compressed once at start: no path of a request ever
 * reaches the file system.
 */
export function serveStaticFiles(server: FastifyInstance, directory: string): void {
  const files = new Map<string, StaticFile>();
  for (const name of readdirSync(directory)) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const plain = readFileSync(join(directory, name));
    const etag = `"${createHash("sha256").update(plain).digest("hex").slice(0, 16)}"`;
    files.set(`/${name}`, { type, plain, gzip: gzipSync(plain), etag });
  }
  const page = files.get("/index.html");
  if (!page) throw new Error(`the front end is not built: no index.html in ${directory}`);

  server.get("/*", (request, reply) => {
    const file = files.get(request.url.split("?", 1)[0]!);
    // Every other path is a page of the app, which the browser tells apart.
    return send(request, reply, file ?? page);
  });
}

function send(request: FastifyRequest, reply: FastifyReply, file: StaticFile): FastifyReply {
  // The browser asks each time and gets 304: never an old front end on a new server.
  void reply.headers({ etag: file.etag, "cache-control": "no-cache", vary: "accept-encoding" });
  if (request.headers["if-none-match"] === file.etag) return reply.code(304).send();
  void reply.type(file.type);
  if (!/\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""))) return reply.send(file.plain);
  return reply.header("content-encoding", "gzip").send(file.gzip);
}
