import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DeadLettersView, MessagesView } from "@pipeline/control-center/api";
import execa from "execa";
import { Names } from "../../infra/platforms/docker";
import { ROOT, settings, synthesized } from "../../tools/cli/project";
import { Terraform } from "../../tools/cli/terraform";
import { Deployment } from "../../tools/proof/deployment";
import { Load } from "../../tools/proof/load";
import { run } from "../../tools/proof/support";
import { expectAllStored } from "./proofs";

/** The schema of what the producer writes. The tests change it as a developer does, and put it back. */
const FILE = join(ROOT, "apps/schemas/user_created.avsc");

/** Changes of a schema while users arrive, on local Docker. */
export function proveSchemaChanges(deployment: Deployment): void {
  describe("a changed schema", () => {
    const original = readFileSync(FILE, "utf8");
    let load: Load;
    beforeEach(async () => {
      load = new Load(await new Terraform(synthesized(deployment.target.stack())).passwords());
    });
    afterEach(async () => {
      writeFileSync(FILE, original);
      await load.stop();
    });

    test("an optional field is deployed, also when make up is killed half way: messages of both schemas are on the topic, and nothing is lost", async () => {
      const before = await schemaIds();
      addField(original, { name: "salutation", type: ["null", "string"], default: null });
      expect(await deployment.makeUpInterrupted("SIGKILL")).not.toBe(0);
      await deployment.make("up");
      await expectNothingLost(deployment, load);
      const after = await schemaIds();
      expect([...after].filter((id) => !before.has(id))).toHaveLength(1);
      expect([...after].filter((id) => before.has(id))).not.toHaveLength(0);
    });

    test("an incompatible change is refused with the registry's reason, and the pipeline keeps running", async () => {
      const before = await containerIds();
      addField(original, { name: "required", type: "string" });
      const { exitCode, stderr } = await execa("make", ["up"], { cwd: ROOT, reject: false });
      expect(exitCode).not.toBe(0);
      expect(stderr).toMatch(
        /schemas +users_created-value would not be BACKWARD_TRANSITIVE with user_created\.avsc: .*required/,
      );
      expect(await containerIds()).toBe(before);
      await expectNothingLost(deployment, load);
    });
  });
}

function addField(schema: string, field: object): void {
  const { fields, ...record } = JSON.parse(schema) as { fields: object[] };
  writeFileSync(FILE, JSON.stringify({ ...record, fields: [...fields, field] }, null, 2));
}

/** Ends the load: all of it is stored, and none of it is a dead letter. */
async function expectNothingLost(deployment: Deployment, load: Load): Promise<void> {
  const staged = await load.stop();
  await expectAllStored(deployment);
  const stored = await deployment.storedIds();
  expect(staged.filter((id) => !stored.has(id))).toEqual([]);
  expect(staged.length).toBeGreaterThan(0);
  expect((await look<DeadLettersView>("dead-letters")).counts).toEqual({ total: 0, open: 0 });
}

/** The schema ids of the first and of the last messages in users_created. */
async function schemaIds(): Promise<Set<number | null>> {
  const views = await Promise.all(
    ["from=offset&offset=0", "from=latest"].map((where) =>
      look<MessagesView>(`topics/users_created/messages?${where}`),
    ),
  );
  return new Set(views.flatMap(({ messages }) => messages.map(({ schemaId }) => schemaId)));
}

/** What the Control Center shows. */
async function look<T>(path: string): Promise<T> {
  const response = await fetch(`http://localhost:${settings().ports.controlCenter}/api/${path}`);
  return (await response.json()) as T;
}

function containerIds(): Promise<string> {
  return run("docker", "ps", "--quiet", "--no-trunc", "--filter", new Names(settings().namePrefix).filter);
}
