import { setTimeout as sleep } from "node:timers/promises";
import { Names } from "../../infra/platforms/docker";
import { UserError } from "../../tools/cli/errors";
import { declaredSubjects, SCHEMAS_JOB } from "../../tools/cli/preflight/schemas";
import { settings, synth, synthesized } from "../../tools/cli/project";
import { isDeployed } from "../../tools/cli/state";
import { readJobFile } from "../../tools/cli/targets/docker/plan";
import { Terraform } from "../../tools/cli/terraform";
import { BEGINNING, Ledger } from "../../tools/faults/ledger";
import { Deployment } from "../../tools/proof/deployment";
import { Load } from "../../tools/proof/load";
import { eventually, run } from "../../tools/proof/support";
import { Clone } from "../../tools/upgrade/clone";
import { type Release } from "../../tools/upgrade/last-release";

/** Milliseconds of load before the upgrade. */
const UNDISTURBED = 5_000;

/** What an upgrade keeps. */
interface Kept {
  /** Volumes and networks of the pipeline, each with what a new one of the same name would not have. */
  readonly objects: readonly string[];
  /** The versions of each subject of the registry. */
  readonly schemas: Readonly<Record<string, readonly number[]>>;
  /** The ids of Spark's queries, which are part of their checkpoints. */
  readonly queries: string;
}

/**
 * The upgrade from the last release to what is in this checkout, while users arrive, on local Docker. The tests that follow
 * go on with the pipeline that was upgraded.
 * @throws UserError when this checkout has deployed something already
 */
export function proveUpgrade(deployment: Deployment, release: Release): void {
  const { stack } = deployment.target.stack();
  if (isDeployed(stack))
    throw new UserError(
      "the upgrade test deploys the last release, and this checkout has deployed something; run: make destroy",
    );

  describe(`an upgrade from release ${release.version}`, () => {
    let clone: Clone | undefined;
    let ledger: Ledger | undefined;
    let before: Kept;
    let after: Kept;
    let staged: readonly string[];
    afterAll(async () => {
      clone?.remove();
      await ledger?.end();
    });

    test("the release's own make up brings users into Cassandra, in a clone", async () => {
      clone = await Clone.of(release);
      clone.shareState(stack);
      await clone.make("up");
      before = await look(deployment);
    });

    test("make up of this version, in the same clone, upgrades the deployment while users arrive", async () => {
      const terraform = new Terraform(await synth(deployment.target.stack()));
      await terraform.init();
      const passwords = await terraform.passwords();
      const load = new Load(passwords);
      try {
        await sleep(UNDISTURBED);
        await clone!.checkOutPresent();
        await clone!.make("up");
      } finally {
        staged = await load.stop();
      }
      after = await look(deployment);
      ledger = new Ledger(passwords);
    });

    test("no user is missing, and none is doubled", async () => {
      const audit = await ledger!.settled(BEGINNING, new Set(staged));
      expect(audit).toMatchObject({ missing: 0, doubled: 0, setAside: 0 });
      expect(staged.length).toBeGreaterThan(100);
    });

    test("no volume and no network is replaced or destroyed", () => {
      expect(before.objects.filter((object) => !after.objects.includes(object))).toEqual([]);
      expect(before.objects.length).toBeGreaterThan(0);
    });

    test("no subject has a new version but where a schema file has changed", async () => {
      const changed = await run("git", "diff", "--name-only", release.commit, "--", "apps/schemas");
      const read = (path: string) => readJobFile(synthesized(deployment.target.stack()), SCHEMAS_JOB, path);
      const unchanged = declaredSubjects(read).filter(({ file }) => !changed.includes(`/${file}`));
      for (const { name } of unchanged) {
        expect({ name, versions: after.schemas[name] }).toEqual({ name, versions: before.schemas[name] });
      }
    });

    test("sign-ups go on from the restored state: each user is counted once, in the minute of the sign-up", async () => {
      const signups = await eventually(
        () => ledger!.signups(BEGINNING),
        ({ uncounted, overcounted }) => uncounted + overcounted === 0,
      );
      expect(signups).toEqual({ uncounted: 0, overcounted: 0 });
      expect(after.queries).toBe(before.queries);
    });
  });
}

async function look(deployment: Deployment): Promise<Kept> {
  const checkpoints = "cd /var/lib/spark/checkpoints && grep --with-filename . */metadata";
  return {
    objects: [...(await volumes()), ...(await networks())],
    schemas: await schemaVersions(),
    queries: await deployment.exec("spark-stream", "bash", "-c", checkpoints),
  };
}

const { filter } = new Names(settings().namePrefix);

/** The pipeline's volumes: folder, inode and time of birth. The engine's own `CreatedAt` is the time of the last change. */
async function volumes(): Promise<string[]> {
  const names = (await run("docker", "volume", "ls", "--quiet", "--filter", filter)).split("\n");
  const image = await run("docker", "inspect", "--format", "{{.Config.Image}}", "postgres");
  const mounts = names.flatMap((name) => ["--volume", `${name}:/volumes/${name}:ro`]);
  const folders = names.map((name) => `/volumes/${name}`);
  const stat = ["--entrypoint", "stat", image, "--format", "%n %i %W", ...folders];
  return (await run("docker", "run", "--rm", ...mounts, ...stat)).split("\n");
}

/** The pipeline's networks, by name and id. */
async function networks(): Promise<string[]> {
  const format = "{{.Name}} {{.ID}}";
  return (await run("docker", "network", "ls", "--no-trunc", "--format", format, "--filter", filter)).split(
    "\n",
  );
}

async function schemaVersions(): Promise<Kept["schemas"]> {
  const ask = async <T>(path: string) => {
    const response = await fetch(`http://localhost:${settings().ports.schemaRegistry}${path}`);
    return (await response.json()) as T;
  };
  const subjects = await ask<string[]>("/subjects");
  const versions = subjects.map(
    async (subject): Promise<[string, number[]]> => [
      subject,
      await ask<number[]>(`/subjects/${subject}/versions`),
    ],
  );
  return Object.fromEntries(await Promise.all(versions));
}
