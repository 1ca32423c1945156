import { SettingsError } from "../settings";

/** Where images come from: `pull` takes the official ones, `build` makes equivalent ones from packages. */
export type ImageSource = "pull" | "build";

/** Which Control Center runs: this project's own, or Confluent's. */
export type ControlCenterKind = "open" | "confluent";

/**
 * Decides which Control Center runs: by default Confluent's beside its other images, and this project's own elsewhere.
 * @throws SettingsError for Confluent's where images are built: it is in no package registry
 */
export function chooseControlCenter(
  wanted: ControlCenterKind | "auto",
  images: ImageSource,
): ControlCenterKind {
  if (wanted === "auto") return images === "pull" ? "confluent" : "open";
  if (wanted === "confluent" && images === "build") {
    throw new SettingsError([
      `controlCenter is "confluent", but images are built from packages and Confluent publishes none; allowed: "open" or "auto"`,
    ]);
  }
  return wanted;
}

/**
 * Decides where images come from. Data that was written by one kind is not given to the other, so the first deploy's choice
 * stands until everything is removed.
 * @param wanted the setting
 * @param recorded the choice of the deploy that made what is kept
 * @param registryAnswers whether images can be pulled; asked only where nothing else decides
 * @throws SettingsError when the setting contradicts the data that is kept
 */
export function chooseImageSource(
  wanted: ImageSource | "auto",
  recorded: ImageSource | undefined,
  registryAnswers: () => boolean,
): ImageSource {
  if (recorded === undefined) {
    if (wanted !== "auto") return wanted;
    return registryAnswers() ? "pull" : "build";
  }
  if (wanted !== "auto" && wanted !== recorded) {
    throw new SettingsError([
      `images is "${wanted}", but the data that is kept was written by the other kind of images; ` +
        `allowed: "${recorded}" or "auto", until make destroy (with one of these) has removed the data`,
    ]);
  }
  return recorded;
}
