import { execFileSync, spawn, spawnSync } from "node:child_process";
import { AddressInfo, createServer, Server, Socket } from "node:net";
import { probeCommand } from "../../../infra/platforms/docker/probe";
import { Probe } from "../../../infra/workload";

/** Runs a probe's command against a server that answers every connection with the given bytes. */
async function ask(
  probe: (port: number) => Probe,
  answer: Buffer | string,
  close = true,
): Promise<number | null> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", () => (close ? socket.end(answer) : socket.write(answer)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const [, command = "", ...args] = probeCommand(probe((server.address() as AddressInfo).port));
  const child = spawn(command, args, { stdio: "ignore" });
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  for (const socket of sockets) socket.destroy();
  server.close();
  return code;
}

const http = (port: number) => Probe.http(port, "/readyz");
const cql = (port: number) => Probe.tcp(port, Buffer.from("0400", "hex"), { bytes: 1, matches: "^ 84" });

test.each([
  ["HTTP/1.1 200 OK\r\n\r\n", 0],
  ["HTTP/1.1 204 No Content\r\n\r\n", 0],
  ["HTTP/1.1 503 Service Unavailable\r\n\r\n", 1],
  ["", 1],
])("an HTTP answer of %j gives exit code %p", async (answer, code) => {
  expect(await ask(http, answer)).toBe(code);
});

test("a TCP answer is compared as bytes, and does not have to end", async () => {
  expect(await ask(cql, Buffer.from("8400000006", "hex"), false)).toBe(0);
  expect(await ask(cql, Buffer.from("0400000006", "hex"), false)).not.toBe(0);
});

test("nobody listening is not ready", () => {
  const [, command = "", ...args] = probeCommand(Probe.http(1, "/"));
  expect(spawnSync(command, args).status).not.toBe(0);
});

test("a command is asked as it stands", () => {
  const [kind, ...command] = probeCommand(Probe.exec(["true"]));
  expect(kind).toBe("CMD");
  expect(() => execFileSync(command[0] ?? "", command.slice(1))).not.toThrow();
});

test("timing has defaults, and is in seconds", () => {
  expect(Probe.exec(["true"])).toMatchObject({ period: 5, timeout: 5, startup: 120 });
  expect(Probe.exec(["true"], { startup: 240 }).startup).toBe(240);
});
