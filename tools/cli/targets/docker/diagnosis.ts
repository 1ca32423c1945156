import execa from "execa";
import { Names } from "../../../../infra/platforms/docker";
import { settings } from "../../project";

/** What the engine knows of a container. */
interface State {
  readonly Status: string;
  readonly OOMKilled: boolean;
  readonly ExitCode: number;
  readonly Health?: { readonly Log?: readonly { readonly Output: string }[] };
}

/** Lines of a container's log that are shown. */
const LOG_LINES = 8;

/** Why a container is not ready, as far as the engine and its log tell; empty when there is no such container. */
export async function diagnose(workload: string): Promise<string> {
  const name = new Names(settings().namePrefix).container(workload);
  const inspected = await execa("docker", ["inspect", "--format", "{{json .State}}", name], {
    reject: false,
  });
  if (inspected.exitCode !== 0) return "";
  const state = JSON.parse(inspected.stdout) as State;
  const log = await execa("docker", ["logs", "--tail", String(LOG_LINES), name], {
    reject: false,
    all: true,
  });
  return [
    reason(state),
    `the end of its log (all of it: docker logs ${name}):`,
    ...(log.all ?? "").split("\n").map((line) => `  ${line}`),
  ].join("\n");
}

function reason({ Status, OOMKilled, ExitCode, Health }: State): string {
  if (OOMKilled) {
    return "it was killed for using more memory than its limit: give it more (make settings lists the limits, memory.…)";
  }
  if (Status !== "running") return `it is ${Status}; it ended with exit code ${ExitCode}`;
  const answer = Health?.Log?.at(-1)?.Output.trim();
  return `it runs, but its probe does not succeed${answer ? `: ${answer}` : ""}`;
}
