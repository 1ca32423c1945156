import { setTimeout as sleep } from "node:timers/promises";
import { Progress } from "../../console";
import { UserError } from "../../errors";
import { diagnose } from "./diagnosis";
import { get } from "./kubectl";

interface Controller {
  readonly metadata: { readonly name: string; readonly generation: number };
  readonly spec: { readonly replicas: number };
  readonly status: {
    readonly observedGeneration?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
  };
}

/** Timeout in milliseconds for all services to become ready after an apply without changes. */
const READY_WITHIN = 5 * 60_000;

/**
 * Waits until every service is ready, because Terraform records a failed rollout as done.
 * @throws UserError with the services that are not ready, and the causes
 */
export async function awaitRollouts(progress: Progress): Promise<void> {
  const what = "services";
  const deadline = Date.now() + READY_WITHIN;
  let missing = await notReady();
  if (missing.length === 0) return;
  progress.begin(what);
  while (missing.length > 0) {
    if (Date.now() > deadline) {
      const reasons = await Promise.all(missing.map(diagnose));
      throw new UserError(`services not ready: ${missing.join(", ")}\n${reasons.join("\n\n")}`);
    }
    await sleep(1000);
    missing = await notReady();
  }
  progress.end(what, "ready");
}

async function notReady(): Promise<string[]> {
  const controllers = await get<Controller>("deployments,statefulsets");
  return controllers
    .filter(
      ({ metadata, spec, status }) =>
        status.observedGeneration !== metadata.generation ||
        status.updatedReplicas !== spec.replicas ||
        status.readyReplicas !== spec.replicas,
    )
    .map(({ metadata }) => metadata.name);
}
