export { DockerPlatform, type DockerPlatformProps } from "./platform";
export { Names } from "./names";
export { DockerStack } from "./stack";
