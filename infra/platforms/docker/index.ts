export { DockerPlatform, type DockerPlatformProps } from "./platform";
export { Names, PROJECT } from "./names";
export { DockerStack, stackId } from "./stack";
