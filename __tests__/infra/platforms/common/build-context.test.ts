import { chmodSync, mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { BuildContext } from "../../../../infra/platforms/common/build-context";
import { BuiltImage } from "../../../../infra/workload";

/** A directory as git checks it out under umask 077. */
function checkedOutPrivately(): string {
  const directory = mkdtempSync(join(tmpdir(), "image-"));
  mkdirSync(join(directory, "bin"), { mode: 0o700 });
  writeFileSync(join(directory, "Dockerfile"), "FROM scratch", { mode: 0o600 });
  writeFileSync(join(directory, "bin/run"), "#!/bin/sh", { mode: 0o700 });
  chmodSync(directory, 0o700);
  return directory;
}

test("containers can read what was cloned and synthesized under umask 077", () => {
  const outdir = mkdtempSync(join(tmpdir(), "cdktf.out-"));
  const previous = process.umask(0o077);
  try {
    const app = new App({ outdir, skipValidation: true });
    const stack = new TerraformStack(app, "stack");
    const { path } = new BuildContext(
      stack,
      "context",
      new BuiltImage(stack, "image", { directory: checkedOutPrivately() }),
    );
    app.synth();

    const context = join(outdir, "stacks/stack", path);
    const modes = ["", ...(readdirSync(context, { recursive: true }) as string[])].map(
      (name) => `${name} ${(statSync(join(context, name)).mode & 0o777).toString(8)}`,
    );
    expect(modes.sort()).toEqual([" 755", "Dockerfile 644", "bin 755", "bin/run 755"]);
  } finally {
    process.umask(previous);
  }
});
