export { DockerPlatform, type DockerPlatformProps } from "./platform";
export { containerRegistryAnswers, recordedImageSource, recordImageSource } from "./image-source";
export { Names, PROJECT } from "./names";
export { DockerStack, stackId } from "./stack";
