import { Deployment } from "../../tools/proof/deployment";
import { eventually, run } from "../../tools/proof/support";

/**
 * What holds of `npx cdktf` alone: it deploys the pipeline that `make down` has left, and destroys it. Its commands are the
 * README's.
 * @param containers what is there of containers or pods, also of those that have ended
 */
export function provePlainCdktf(deployment: Deployment, containers: () => Promise<readonly unknown[]>): void {
  const { name } = deployment.target;
  const { stack } = deployment.target.stack();
  let before: { ids: ReadonlySet<string>; cluster: string };

  test("make down removes what runs", async () => {
    before = { ids: await deployment.storedIds(), cluster: await deployment.clusterId() };
    await deployment.make("down");
    expect(await containers()).toEqual([]);
  });

  test(`npx cdktf deploy ${stack} brings it up again, with every row and the same Kafka cluster`, async () => {
    await deployment.cdktf("deploy");
    const after = await deployment.storedIds();
    expect([...before.ids].filter((id) => !after.has(id))).toEqual([]);
    expect(await deployment.clusterId()).toBe(before.cluster);
  });

  test("users arrive in Cassandra after a plain deploy", async () => {
    const arrived = await eventually(
      async () => [...(await deployment.storedIds())].filter((id) => !before.ids.has(id)),
      (ids) => ids.length > 0,
    );
    expect(arrived).not.toEqual([]);
  });

  test(`npx cdktf diff ${stack} finds nothing to change`, async () => {
    expect(await deployment.cdktf("diff")).toMatch(
      /No changes\. Your infrastructure matches the configuration/,
    );
  });

  test("make status prints addresses and logins after a plain deploy", async () => {
    const output = await run("make", "--silent", "status", `TARGET=${name}`);
    expect(output).toMatch(/Airflow +http:\/\/localhost:\d+ +admin \/ \w+/);
    expect(output).toMatch(/PostgreSQL +localhost:\d+\/pipeline +reader \/ \w+/);
  });

  test(`npx cdktf destroy ${stack} ends without an error`, () => deployment.cdktf("destroy"));
}
