import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { type Target, TARGETS } from "../../infra/platforms/common";
import { destinationOf } from "../../infra/platforms/kubernetes";
import { pipelineStack, ROOT, settings, synth } from "../cli/project";
import { Terraform } from "../cli/terraform";
import { lossesOf, type Plan } from "../upgrade/plan";
import { recordedStates } from "../upgrade/states";
import { type Tally } from "./check";

const OUTDIR = ".build/upgrade-plans";

/**
 * Plans each stack against the recorded states of releases: whether an upgrade keeps volumes, networks, claims, namespaces and
 * secrets. Nothing has to be deployed, and no cluster is asked; the Docker provider wants an engine that answers.
 */
export async function checkUpgradePlans(): Promise<Tally> {
  let passed = 0;
  let failed = 0;
  for (const target of TARGETS) {
    const terraform = await initialized(target);
    for (const { version, file } of recordedStates(target)) {
      const losses = lossesOf(await terraform.planFrom<Plan>(file));
      const upgrade = `${target}, upgrade from release ${version}`;
      console.log([losses.length === 0 ? `${upgrade}: everything is kept` : upgrade, ...losses].join("\n  "));
      if (losses.length === 0) passed += 1;
      else failed += 1;
    }
  }
  return { passed, failed };
}

async function initialized(target: Target): Promise<Terraform> {
  // The recorded releases were deployed with images that are built.
  const source = pipelineStack(target, { pipeline: { images: "build" } });
  const env = { KUBECONFIG: kubeconfig() };
  const terraform = new Terraform(await synth({ ...source, outdir: OUTDIR, env }));
  await terraform.init();
  return terraform;
}

/** A kubeconfig that has the context: the provider wants one before it plans, and asks nothing of the cluster. */
function kubeconfig(): string {
  const file = join(ROOT, OUTDIR, "kubeconfig");
  const name = destinationOf(settings()).context;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name, cluster: { server: "https://127.0.0.1:1" } }],
      users: [{ name, user: {} }],
      contexts: [{ name, context: { cluster: name, user: name } }],
    }),
  );
  return file;
}
