import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Construct } from "constructs";
import { BuiltImage, Probe, Workload, WorkloadProps } from "../../infra/workload";

/** An image built from a directory with the given files. */
export function imageOf(
  scope: Construct,
  id: string,
  files: Record<string, string> = { Dockerfile: "FROM scratch" },
): BuiltImage {
  const directory = mkdtempSync(join(tmpdir(), "image-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  return new BuiltImage(scope, id, { directory });
}

/** A workload with as little as a workload can have, and what a test is about. */
export function workloadOf(scope: Construct, id: string, props: Partial<WorkloadProps> = {}): Workload {
  return new Workload(scope, id, {
    image: props.image ?? imageOf(scope, `${id}-image`),
    user: { uid: 1000, gid: 1000 },
    memory: 64,
    probe: Probe.http(8080, "/"),
    ...props,
  });
}
