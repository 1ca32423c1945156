import type { PipelineView } from "@pipeline/control-center/api";
import { settings, synth } from "../../tools/cli/project";
import { Terraform } from "../../tools/cli/terraform";
import { Deployment } from "../../tools/proof/deployment";
import { eventually } from "../../tools/proof/support";

const USERS = 500;
const SEED = `e2e-${Date.now()}`;

/** What holds at every target: the tests that follow `make up`. */
export function proveUsersArrive(deployment: Deployment): void {
  proveArrival(deployment);

  test("a second plan is empty", async () => {
    const terraform = new Terraform(await synth(deployment.target.stack()));
    expect(await terraform.hasChanges()).toBe(false);
  });
}

/** What holds whichever way the pipeline was deployed. */
export function proveArrival(deployment: Deployment): void {
  test("every user of a run is a row in Cassandra, none missing, none twice, with the right fields", async () => {
    const users = await deployment.sourceUsers(USERS, SEED);
    const ids = users.map((user) => user.login.uuid);
    await deployment.trigger(USERS, SEED);

    const missing = await eventually(
      async () => {
        const stored = await deployment.storedIds();
        return ids.filter((id) => !stored.has(id));
      },
      (left) => left.length === 0,
    );
    expect(missing).toEqual([]);
    // The id is the primary key: a user stored twice would be two rows only if it had two ids.
    expect(new Set(ids).size).toBe(USERS);

    const user = users[0];
    const cql = `SELECT JSON first_name, last_name, email FROM spark_streams.created_users WHERE id = ${user?.login.uuid};`;
    const [row = "{}"] = await deployment.cqlColumn(cql);
    expect(JSON.parse(row)).toEqual({
      first_name: user?.name.first,
      last_name: user?.name.last,
      email: user?.email.toLowerCase(),
    });
  });

  test("everything staged is stored, and nothing else is", () => expectAllStored(deployment));

  test("the Control Center shows users on their way, from the first hop to the last", async () => {
    const { ports } = settings();
    const look = async () => {
      const response = await fetch(`http://localhost:${ports.controlCenter}/api/pipeline`);
      const { data } = (await response.json()) as { data: PipelineView | null };
      return data?.hops.map(({ id, state, total }) => ({
        id,
        ok: state === "flowing" || state === "idle",
        total,
      }));
    };
    const settled = await eventually(
      look,
      (hops) => hops?.every(({ ok, total }) => ok && total! >= USERS) ?? false,
    );
    expect(settled).toEqual(
      ["staged", "created", "processed", "stored"].map((id) => ({
        id,
        ok: true,
        total: expect.any(Number) as number,
      })),
    );
  });
}

/** Waits until what is in PostgreSQL and what is in Cassandra are the same users. */
export async function expectAllStored(deployment: Deployment): Promise<void> {
  const difference = async () => {
    const [stored, staged] = [await deployment.storedIds(), await deployment.stagedIds()];
    return {
      missing: [...staged].filter((id) => !stored.has(id)),
      unexpected: [...stored].filter((id) => !staged.has(id)),
    };
  };
  const settled = await eventually(difference, (d) => d.missing.length + d.unexpected.length === 0);
  expect(settled).toEqual({ missing: [], unexpected: [] });
}
