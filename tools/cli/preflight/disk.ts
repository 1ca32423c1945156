import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { Finding, fine, problem } from "./check";
import { EngineInfo } from "./engine";

const GIB = 1024 ** 3;
/** For all images and what building them leaves behind: 5.5 GB, measured. */
const NEEDED_FOR_IMAGES = 8;
/** For data, when the images are there. */
const NEEDED_FOR_DATA = 2;

/** Whether there is room for images and data where the engine keeps them. */
export async function checkDisk(engine: EngineInfo | undefined, imagesAreHere: boolean): Promise<Finding> {
  const directory = engine?.DockerRootDir ?? "/var/lib";
  if (!existsSync(directory))
    return fine("disk", "the engine keeps its data where it cannot be measured from here");
  const { bavail, bsize } = await statfs(directory);
  const free = (bavail * bsize) / GIB;
  const needed = imagesAreHere ? NEEDED_FOR_DATA : NEEDED_FOR_IMAGES;
  const state = `${free.toFixed(0)} GiB free in ${directory}, ${needed} GiB needed`;
  if (free >= needed) return fine("disk", state);
  return problem(
    "disk",
    state,
    "Make room; docker system df shows what images, volumes and build caches take.",
  );
}
