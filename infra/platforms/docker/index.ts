export { DockerPlatform, type DockerPlatformProps } from "./platform";
export { DockerStack } from "./stack";
