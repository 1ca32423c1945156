import { forgetState } from "../../../../infra/platforms/common";
import { ClusterNames, destinationOf } from "../../../../infra/platforms/kubernetes";
import { Progress } from "../../console";
import { Finding } from "../../preflight/check";
import { checkSchemas, SCHEMAS_JOB } from "../../preflight/schemas";
import { prepareMachine } from "../../prepare";
import { pipelineStack, settings, StackSource, synthesized } from "../../project";
import { isDeployed, recorded } from "../../state";
import { Terraform } from "../../terraform";
import { residentMemory } from "../docker/memory";
import { Inventory, Running, Target } from "../target";
import { ensureCluster, clusterInventory, removeCluster, synthesizedPorts } from "./cluster";
import { diagnose } from "./diagnosis";
import { withForwarding } from "./forwarding";
import { removeLeftovers } from "./leftovers";
import { kubectl, kubectlOptions } from "./kubectl";
import { assertOwnNamespace } from "./ownership";
import { podOf, runningPods } from "./pods";
import { preflight, readJobFile } from "./preflight";
import { awaitRollouts } from "./rollout";

/** The pipeline on Kubernetes: on its own kind cluster, or on the cluster that the settings name. */
export class KindTarget implements Target {
  readonly name = "kind";

  stack(context?: Readonly<Record<string, unknown>>): StackSource {
    return pipelineStack(this.name, context);
  }

  async preflight(directory: string): Promise<Finding[]> {
    const findings = await preflight(directory);
    const deployed = recorded(this.stack().stack, "kubernetes_deployment_v1").length > 0;
    if (!deployed || findings.some(({ ok }) => !ok)) return findings;
    const schemas = () =>
      checkSchemas((path) => readJobFile(directory, SCHEMAS_JOB, path), settings().ports.schemaRegistry);
    return [...findings, ...(await this.withPorts(schemas))];
  }

  prepare(): Promise<void> {
    return prepareMachine(this.name);
  }

  async beforeApply(progress: Progress): Promise<void> {
    if (this.ownsCluster) await ensureCluster(progress);
    else await assertOwnNamespace();
    await removeLeftovers(this.stack().stack, synthesized(this.stack()), progress);
  }

  afterApply(progress: Progress): Promise<void> {
    return awaitRollouts(progress);
  }

  async afterDown(progress: Progress): Promise<void> {
    progress.begin("pods");
    await kubectl(["wait", "--for=delete", "pod", "--all", "--timeout=180s"]);
    progress.end("pods", "removed");
  }

  async inventory(): Promise<Inventory> {
    const { own, foreign } = this.ownsCluster ? await clusterInventory() : { own: [], foreign: [] };
    if (!isDeployed(this.stack().stack)) return { own, foreign, obstacles: [] };
    if (!this.ownsCluster) await assertOwnNamespace();
    // Those of a stopped cluster cannot be listed.
    const names = [
      "get",
      "persistentvolumeclaims",
      "--output",
      'jsonpath={range .items[*]}volume {.metadata.name}{"\\n"}',
    ];
    const { stdout } = await kubectl(names, { reject: false });
    return { own: [...own, ...stdout.split("\n").filter(Boolean)], foreign, obstacles: [] };
  }

  async destroy(progress: Progress, terraform: Terraform): Promise<void> {
    if (!this.ownsCluster) return terraform.destroy(progress);
    // Removing the cluster removes everything that Terraform created, even if the cluster is unreachable or already
    // gone. Terraform itself could not refresh its state without the cluster.
    await removeCluster(progress);
    forgetState(this.stack().stack);
  }

  diagnose(type: string, name: string): Promise<string> {
    return type.startsWith("kubernetes_") ? diagnose(name) : Promise.resolve("");
  }

  running(): Promise<Running[]> {
    return runningPods();
  }

  async memory(): Promise<ReadonlyMap<string, number>> {
    const pods = new Map((await runningPods()).map(({ name, memory = NaN }) => [name, memory]));
    if (!this.ownsCluster) return pods;
    const { node } = new ClusterNames(settings().namePrefix);
    const whole = await residentMemory(["--filter", `name=^${node}$`]);
    const inPods = [...pods.values()].reduce((sum, mib) => sum + mib, 0);
    return pods.set("the cluster itself", (whole.get(node) ?? NaN) - inPods);
  }

  async followLogs(name: string): Promise<void> {
    await kubectl(["logs", "--follow", "--tail", "100", name], { stdio: "inherit", reject: false });
  }

  async showLogs(name: string): Promise<void> {
    await kubectl(["logs", "--tail", "10", name], { stdio: "inherit" });
  }

  withPorts<T>(use: () => Promise<T>): Promise<T> {
    return this.ownsCluster ? use() : withForwarding(synthesizedPorts(), use);
  }

  async exec(name: string, command: readonly string[]): Promise<number> {
    const args = ["exec", await podOf(name), "--", ...command];
    return (await kubectl(args, { stdio: "inherit", reject: false })).exitCode;
  }

  execCommand(name: string): string {
    return ["kubectl", ...kubectlOptions(), "exec", "-it", `service/${name}`, "--"].join(" ");
  }

  private get ownsCluster(): boolean {
    return destinationOf(settings()).own;
  }
}
