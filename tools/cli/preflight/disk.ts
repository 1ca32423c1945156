import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { Finding, fine, problem } from "./check";
import { EngineInfo } from "./engine";

const GIB = 1024 ** 3;
/** GiB for all images and the build cache, which take 5.5 GB. */
const NEEDED_FOR_IMAGES = 8;
/** GiB for data if the images are present. */
const NEEDED_FOR_DATA = 2;

/** Checks the free space in the engine's data directory. */
export async function checkDisk(engine: EngineInfo | undefined, imagesAreHere: boolean): Promise<Finding> {
  const directory = engine?.DockerRootDir ?? "/var/lib";
  if (!existsSync(directory))
    return fine("disk", "cannot be measured: the engine's data directory is not on this machine");
  const { bavail, bsize } = await statfs(directory);
  const free = (bavail * bsize) / GIB;
  const needed = imagesAreHere ? NEEDED_FOR_DATA : NEEDED_FOR_IMAGES;
  const state = `${free.toFixed(0)} GiB free in ${directory}, ${needed} GiB needed`;
  if (free >= needed) return fine("disk", state);
  return problem(
    "disk",
    state,
    "Free disk space; for the share of images, volumes and build caches, run: docker system df",
  );
}
