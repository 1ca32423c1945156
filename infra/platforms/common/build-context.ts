import { chmodSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { AssetType, TerraformAsset, TerraformStack } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import { Construct } from "constructs";
import { type BuiltImage, isExecutable } from "../../workload";

/**
 * The build context of an image: a copy of its directory beside the stack's configuration. The modes of its files and
 * folders are those that git gives them under the usual umask. Otherwise the umask of the clone or the synthesis
 * would reach the containers, whose users could not read the files.
 */
export class BuildContext extends Construct {
  /** Path relative to the folder of the stack's configuration. */
  readonly path: string;

  constructor(scope: Construct, id: string, image: BuiltImage) {
    super(scope, id);
    const { path } = new TerraformAsset(this, "Default", {
      path: image.directory,
      type: AssetType.DIRECTORY,
      assetHash: image.tag,
    });
    this.path = path;
    // Runs after that of the asset, which copies the files: the innermost constructs come first.
    addCustomSynthesis(this, {
      onSynthesize: ({ outdir, manifest }) =>
        normalizeModes(join(outdir, manifest.forStack(TerraformStack.of(this)).workingDirectory, path)),
    });
  }
}

/** Gives a folder and everything below it the modes 0755, and 0644 to files that are not executable. */
function normalizeModes(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) normalizeModes(path);
    else chmodSync(path, isExecutable(path) ? 0o755 : 0o644);
  }
}
