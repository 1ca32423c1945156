import { sharedVolumes } from "../../infra/platforms/kubernetes/objects/volumes";
import { Progress } from "../../tools/cli/console";
import { synth } from "../../tools/cli/project";
import { targetOf } from "../../tools/cli/targets";
import { Terraform } from "../../tools/cli/terraform";
import { get } from "../../tools/cli/targets/kind/kubectl";
import { chartDefinition, partsOf } from "../../tools/chart/definition";
import { ChartRelease } from "./chart-release";
import { Deployment } from "../../tools/proof/deployment";
import { expectAllStored, proveArrival } from "./proofs";

/** The proof of the Helm chart on a kind cluster, in the order in which a user would try things. */

jest.setTimeout(40 * 60_000);

const target = targetOf("kind");
const deployment = new Deployment(target);
const release = new ChartRelease();

test("helm install brings everything up, in whatever order it starts", async () => {
  const progress = new Progress();
  const terraform = new Terraform(await synth(target.stack()));
  await target.beforeApply(progress);
  await terraform.init();
  await terraform.createDeploymentId();
  progress.stop();
  await release.prepare();
  await release.install();
  expect(await get("jobs", "--field-selector", "status.successful=0")).toEqual([]);
});

proveArrival(deployment);

test("an upgrade to the same changes nothing: passwords stay, and no job runs again", async () => {
  const before = await release.manifest();
  await release.upgrade();
  expect(await release.manifest()).toBe(before);
});

test("an upgrade with another value rolls what it is about, and loses nothing", async () => {
  const before = await deployment.storedIds();
  await release.upgrade("replicas.spark-worker=2");
  const workers = await get("pods", "--selector", "app.kubernetes.io/name=spark-worker");
  expect(workers).toHaveLength(2);
  const after = await deployment.storedIds();
  expect([...before].filter((id) => !after.has(id))).toEqual([]);
});

test("uninstall keeps the StatefulSets' claims and the passwords of their data; a new installation resumes with them", async () => {
  const before = { ids: await deployment.storedIds(), cluster: await deployment.clusterId() };
  await release.uninstall();
  const { workloads } = partsOf(chartDefinition());
  const shared = sharedVolumes(workloads);
  const claims = workloads.flatMap(({ name, mounts }) =>
    mounts
      .filter(({ volume }) => !shared.has(volume))
      .map(({ volume }) => `PersistentVolumeClaim/${volume.node.id}-${name}-0`),
  );
  expect((await release.objects()).sort()).toEqual([...claims, "Secret/pipeline-passwords"].sort());

  await release.install();
  await expectAllStored(deployment);
  const after = await deployment.storedIds();
  expect([...before.ids].filter((id) => !after.has(id))).toEqual([]);
  expect(await deployment.clusterId()).toBe(before.cluster);
});
