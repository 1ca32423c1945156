import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Registry } from "../src/registry";

/** A registry that calls every schema incompatible and gives no reason with the check, as Apicurio Registry does. */
let server: Server;
let requests: string[];
let dryRun: { status: number; body: string };

beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const { status, body } = request.url!.endsWith("?dryRun=true")
      ? dryRun
      : { status: 200, body: JSON.stringify({ is_compatible: false }) };
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const refusals = () =>
  new Registry(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`).incompatibilities(
    "users",
    "{}",
  );

it("asks for the reasons by a dry run and registers nothing", async () => {
  const causes = [{ context: "/fields/2", description: "country has no default" }];
  dryRun = { status: 409, body: JSON.stringify({ causes }) };
  expect(await refusals()).toEqual(["/fields/2: country has no default"]);
  expect(requests).toEqual([
    "POST /compatibility/subjects/users/versions?verbose=true",
    "POST /apis/registry/v3/groups/default/artifacts/users/versions?dryRun=true",
  ]);
});

it.each([
  ["does not know dry runs", 404, '{"error_code":404}'],
  ["does not answer with JSON", 502, "<html>"],
])("still refuses when the registry %s", async (_, status, body) => {
  dryRun = { status, body };
  expect(await refusals()).toEqual(["the schema registry does not say why"]);
});
