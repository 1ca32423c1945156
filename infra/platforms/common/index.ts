export { recordedImageSource, recordImageSource } from "./image-source";
export { DEPLOYMENT_ID, DEPLOYMENT_LABEL, deploymentId } from "./deployment-id";
export { Images } from "./images";
export { PROJECT } from "./project";
export { pinVersions } from "./providers";
export { Secrets } from "./secrets";
export { forgetState, readState, restoreState, stateFile } from "./state";
export { stackId, type Target, TARGETS } from "./target";
