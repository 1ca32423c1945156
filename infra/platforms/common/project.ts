/** The project's name: the repository of its images, its network or namespace, and the label that marks what belongs to it. */
export const PROJECT = "realtime-data-pipeline";
