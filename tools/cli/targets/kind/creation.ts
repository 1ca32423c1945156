import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import execa from "execa";
import { ClusterNames } from "../../../../infra/platforms/kubernetes";
import { ROOT } from "../../project";

/**
 * The record of a kind cluster that this checkout created: the id of its node's container. The record is empty from the
 * beginning of the creation to its end.
 */
export class CreationRecord {
  private readonly file: string;

  constructor(private readonly names: ClusterNames) {
    this.file = join(ROOT, ".build/kind", `${names.cluster}.node`);
  }

  /** Records that the creation begins. */
  begin(): void {
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, "");
  }

  /** Records that the creation has ended well. */
  async end(): Promise<void> {
    writeFileSync(this.file, (await this.node())!.id);
  }

  /** Forgets the cluster. */
  forget(): void {
    rmSync(this.file, { force: true });
  }

  /** Whether this checkout created the cluster that is there, or began to. */
  async matches(): Promise<boolean> {
    const node = await this.node();
    if (node === undefined || !existsSync(this.file)) return false;
    const id = readFileSync(this.file, "utf8");
    return id === "" ? node.created >= statSync(this.file).mtimeMs : id === node.id;
  }

  /** Whether this checkout began to create the cluster that is there, and was killed. */
  async isHalfMade(): Promise<boolean> {
    return (await this.matches()) && readFileSync(this.file, "utf8") === "";
  }

  private async node(): Promise<{ readonly id: string; readonly created: number } | undefined> {
    const format = ["inspect", "--type", "container", "--format", "{{.Id}} {{.Created}}", this.names.node];
    const { exitCode, stdout } = await execa("docker", format, { reject: false });
    if (exitCode !== 0) return undefined;
    const [id = "", created = ""] = stdout.split(" ");
    return { id, created: Date.parse(created) };
  }
}
