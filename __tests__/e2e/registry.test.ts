import execa from "execa";
import { ClusterNames } from "../../infra/platforms/kubernetes";
import { ROOT, synth } from "../../tools/cli/project";
import { targetOf } from "../../tools/cli/targets";
import { get, kubectl } from "../../tools/cli/targets/kind/kubectl";
import { Terraform } from "../../tools/cli/terraform";
import { Deployment } from "../../tools/proof/deployment";
import { expectAllStored } from "./proofs";
import { ADDRESS, CONTEXT, createRegistryCluster, removeRegistryCluster } from "./registry-cluster";

/** The proof on a cluster that exists, by way of a registry. Each test continues where the one before ended. */

jest.setTimeout(40 * 60_000);

// A stack of its own: what is deployed to a cluster of the pipeline's own is another one's state.
process.env["PIPELINE_NAME_PREFIX"] = "registry";
process.env["PIPELINE_KUBERNETES_CONTEXT"] = CONTEXT;
process.env["PIPELINE_KUBERNETES_IMAGE_REGISTRY"] = `${ADDRESS}/team`;

const target = targetOf("kind");
const deployment = new Deployment(target);
const { namespace } = new ClusterNames("registry");

beforeAll(createRegistryCluster);
afterAll(removeRegistryCluster);

const namespaces = async () => (await kubectl(["get", "namespaces", "--output", "name"])).stdout.split("\n");

test("a registry that does not answer is refused before anything is created", async () => {
  const env = { PIPELINE_KUBERNETES_IMAGE_REGISTRY: "localhost:1" };
  const { exitCode, stderr } = await execa("make", ["up", "TARGET=kind"], { cwd: ROOT, reject: false, env });
  expect(exitCode).not.toBe(0);
  expect(stderr).toMatch(/registry +localhost:1: .*refused\n/);
  expect(await namespaces()).not.toContain(`namespace/${namespace}`);
});

test("make up pushes the images, and brings users into Cassandra", async () => {
  await deployment.make("up");
  await expectAllStored(deployment);
  const pods = await get<{ spec: { containers: { image: string }[] } }>("pods");
  const images = pods.flatMap(({ spec }) => spec.containers.map(({ image }) => image));
  expect(images.filter((image) => !image.startsWith(`${ADDRESS}/team/realtime-data-pipeline/`))).toEqual([]);
});

test("a second plan is empty", async () => {
  const terraform = new Terraform(await synth(target.stack()));
  expect(await terraform.hasChanges()).toBe(false);
});

test("destroy leaves the cluster, and nothing of the pipeline in it", async () => {
  await deployment.make("destroy");
  expect(await namespaces()).toContain("namespace/default");
  expect(await namespaces()).not.toContain(`namespace/${namespace}`);
});
