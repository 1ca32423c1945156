import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Construct } from "constructs";
import execa from "execa";
import { Job } from "../../../../infra/workload";
import { imageOf } from "../../../support/definitions";
import { Template } from "../../../support/template";

/** The script that decides whether a job has succeeded. */
const script = () => {
  const template = Template.fromDefinition((stack) => {
    const definition = new Construct(stack, "definition");
    new Job(definition, "topics", {
      image: imageOf(definition, "i"),
      user: { uid: 1, gid: 1 },
      memory: 64,
    });
    return definition;
  });
  const { provisioner } = template.resource("terraform_data", "topics") as unknown as {
    provisioner: readonly [{ "local-exec": { command: string } }];
  };
  return provisioner[0]["local-exec"].command;
};

/**
 * Runs the script beside a `docker` that answers as told.
 * @param inspect what `docker inspect` does, as shell
 */
async function check(inspect: string, logs = "echo created 3 topics") {
  const directory = mkdtempSync(join(tmpdir(), "job-check-"));
  const docker = join(directory, "docker");
  const calls = join(directory, "calls");
  const answers = `case $1 in logs) ${logs} ;; inspect) ${inspect} ;; esac`;
  writeFileSync(docker, `#!/bin/sh\necho "$1" >>${calls}\n${answers}\n`);
  chmodSync(docker, 0o755);
  // As Terraform runs it.
  const { exitCode, all } = await execa("/bin/sh", ["-c", script()], {
    env: { PATH: `${directory}${delimiter}${process.env["PATH"]}`, CONTAINER: "topics" },
    all: true,
    reject: false,
  });
  return { exitCode, all, removed: readFileSync(calls, "utf8").split("\n").includes("rm") };
}

test("a job that has ended with exit code 0 counts as done, with its log", async () => {
  expect(await check("echo exited 0")).toEqual({ exitCode: 0, all: "created 3 topics", removed: false });
});

test.each(["exited 1", "exited 137", "created 0", "dead 0", "running 0"])(
  "a job that is %s fails the deploy, and the next deploy runs it again",
  async (state) => {
    const { exitCode, all, removed } = await check(`echo ${state}`);
    expect(exitCode).toBe(1);
    expect(all).toContain(`The job topics failed (${state})`);
    expect(removed).toBe(true);
  },
);

test.each([
  ["the state", "echo no engine >&2; exit 1", undefined],
  ["the log", "echo exited 0", "echo no engine >&2; exit 1"],
])("a check that cannot read %s fails the deploy and keeps the container", async (_, inspect, logs) => {
  const { exitCode, all, removed } = await check(inspect, logs);
  expect(exitCode).not.toBe(0);
  expect(all).toContain("no engine");
  expect(removed).toBe(false);
});
