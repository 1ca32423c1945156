import execa from "execa";
import { Names } from "../../../../infra/platforms/docker";
import { settings } from "../../project";

/** Fields of a container's state that are used here. */
interface State {
  readonly Status: string;
  readonly OOMKilled: boolean;
  readonly ExitCode: number;
  readonly Health?: { readonly Log?: readonly { readonly Output: string }[] };
}

/** Number of log lines to show. */
const LOG_LINES = 8;

/** Explains why a container is not ready; resolves to an empty string if the container does not exist. */
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
    `end of its log (full log: docker logs ${name}):`,
    ...(log.all ?? "").split("\n").map((line) => `  ${line}`),
  ].join("\n");
}

function reason({ Status, OOMKilled, ExitCode, Health }: State): string {
  if (OOMKilled) {
    return "OOM-killed: exceeded its memory limit; raise memory.NAME; run: make settings";
  }
  if (Status !== "running") return `${Status}, exit code ${ExitCode}`;
  const answer = Health?.Log?.at(-1)?.Output.trim();
  return `running, but its probe fails${answer ? `: ${answer}` : ""}`;
}
