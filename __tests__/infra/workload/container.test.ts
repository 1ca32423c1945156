import { Construct, RootConstruct } from "constructs";
import { DefinitionError, Job, Secret, secretText, SecretText, Volume } from "../../../infra/workload";
import { imageOf, workloadOf } from "../../support/definitions";

let root: Construct;
beforeEach(() => {
  root = new RootConstruct("definition");
});

test("a user who is root is refused, with what to do", () => {
  expect(() => workloadOf(root, "broker", { user: { uid: 0, gid: 0 } })).toThrow(
    /definition\/broker: user is root \(uid 0\); give the uid/,
  );
});

test("two grants that want the same variable for different things are refused where the second is made", () => {
  const app = workloadOf(root, "app", { env: { KAFKA_TOPIC: "users_created" } });
  app.addEnv({ KAFKA_TOPIC: "users_created" });
  expect(() => app.addEnv({ KAFKA_TOPIC: "user_stats" })).toThrow(
    /KAFKA_TOPIC is already "users_created" and cannot become "user_stats"; give the second grant another/,
  );
});

test("two files at one path are refused", () => {
  const app = workloadOf(root, "app");
  app.addFile("/etc/app.json", "{}");
  expect(() => app.addFile("/etc/app.json", "[]")).toThrow(DefinitionError);
});

test("a secret file lies below /run/secrets and holds the secret as a reference, not as text", () => {
  const app = workloadOf(root, "app");
  const secret = new Secret(root, "password");
  expect(app.addSecretFile("password", secret)).toBe("/run/secrets/password");
  expect(app.files.get("/run/secrets/password")).toEqual(new SecretText([secret]));
});

test("a template with secrets keeps text and secrets in their order", () => {
  const secret = new Secret(root, "password");
  expect(secretText`user:${secret}@host`.parts).toEqual(["user:", secret, "@host"]);
});

test("a file whose content is a function is asked for when it is needed, not before", () => {
  const app = workloadOf(root, "app");
  const lines: string[] = [];
  app.addFile("/etc/lines", () => lines.join("\n"));
  lines.push("added later");
  expect(app.files.get("/etc/lines")).toBe("added later");
});

test("a connection names a port that the server has, and makes the client start after it", () => {
  const server = workloadOf(root, "server", { ports: [{ name: "http", number: 8080 }] });
  const client = workloadOf(root, "client");
  client.connectTo(server, "http");
  expect(client.connections).toEqual([{ server, port: "http", early: false }]);
  expect(client.node.dependencies).toContain(server);
  expect(() => client.connectTo(server, "cql")).toThrow(/server: has no port "cql"; it has: http/);
});

test("who acts for another opens its connections too, without waiting for its servers", () => {
  const server = workloadOf(root, "server", { ports: [{ name: "http", number: 8080 }] });
  const driver = workloadOf(root, "driver");
  const worker = workloadOf(root, "worker");
  worker.actFor(driver);
  driver.connectTo(server, "http");
  expect(worker.connections).toEqual([{ server, port: "http", early: false }]);
  expect(worker.node.dependencies).toEqual([]);
});

test("a job is no workload: it has a name and no probe", () => {
  const job = new Job(root, "topics", {
    image: imageOf(root, "image"),
    user: { uid: 1, gid: 1 },
    memory: 64,
  });
  job.mount(new Volume(root, "data"), "/data");
  expect(job.name).toBe("topics");
  expect(job.mounts).toHaveLength(1);
});
