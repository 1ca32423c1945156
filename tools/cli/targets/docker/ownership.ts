import { Names } from "../../../../infra/platforms/docker";
import { UserError } from "../../errors";
import { EngineObject, NamedObject, objectsOf } from "../../preflight/engine";
import { settings } from "../../project";
import { Deployed, isRecorded, KINDS } from "./deployed";
import { leftovers } from "./leftovers";

/** Objects on an engine, by kind. */
export type Objects = Readonly<Record<EngineObject, readonly NamedObject[]>>;

/**
 * Makes sure that nobody else has deployed a pipeline of the same names since. The provider finds volumes by name: it would
 * take another's for its own. The network has an id, and a deploy creates network and volumes together.
 * @throws UserError if the network was created by another deploy
 */
export async function assertOwn({ objects }: Deployed): Promise<void> {
  const present = await objectsOf("network");
  for (const { id, name } of objects.network) {
    const sameName = present.filter((each) => each.name === name);
    if (sameName.length === 0 || sameName.some((each) => each.id === id)) continue;
    throw new UserError(
      `the network ${name} is not the one that this checkout deployed, so the volumes may belong to another deployment, too; ` +
        "nothing was changed; if another checkout deployed it, run there: make destroy; " +
        `otherwise run: docker network rm ${name}`,
    );
  }
}

/** Lists what has the pipeline's label and was not deployed by this checkout. */
export async function foreignObjects(deployed: Deployed): Promise<Objects> {
  const { filter } = new Names(settings().namePrefix);
  const left = new Set((await leftovers(deployed)).map(({ id }) => id));
  const [container = [], network = [], volume = []] = await Promise.all(
    KINDS.map(async (kind) =>
      (await objectsOf(kind, filter)).filter(
        (each) => !isRecorded(deployed, kind, each) && !left.has(each.id),
      ),
    ),
  );
  return { container, network, volume };
}

/**
 * Lists what keeps networks and volumes from being removed: other people's containers that use them.
 * @returns a sentence with the remedy for each
 */
export async function obstacles({ network, volume }: Omit<Objects, "container">): Promise<string[]> {
  const { filter } = new Names(settings().namePrefix);
  const own = new Set((await objectsOf("container", filter)).map(({ id }) => id));
  const users = async (...filters: readonly string[]) =>
    filters.length === 0 ? [] : (await objectsOf("container", ...filters)).filter(({ id }) => !own.has(id));
  const onNetworks = await Promise.all(
    // A container that was never started is found by the name of its network only.
    network.map(async ({ id, name }) =>
      (await users(`network=${id}`, `network=${name}`)).map(
        (container) =>
          `the container ${container.name} is on the network ${name}; ` +
          `to disconnect it, run: docker network disconnect ${name} ${container.name}`,
      ),
    ),
  );
  const onVolumes = (await users(...volume.map(({ name }) => `volume=${name}`))).map(
    ({ name }) =>
      `the container ${name} mounts a volume of the pipeline; to remove the container, run: docker rm --force ${name}`,
  );
  return [...onNetworks.flat(), ...onVolumes];
}
