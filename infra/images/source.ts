import { SettingsError } from "../settings";

/** Source of images: `pull` takes the official images, `build` builds equivalent images from packages. */
export type ImageSource = "pull" | "build";

/** Control Center to deploy: this project's own, or Confluent's. */
export type ControlCenterKind = "open" | "confluent";

/**
 * Chooses the Control Center. The default is Confluent's with pulled images, and this project's own with built images.
 * @throws SettingsError for Confluent's with built images, because no package registry has it
 */
export function chooseControlCenter(
  wanted: ControlCenterKind | "auto",
  images: ImageSource,
): ControlCenterKind {
  if (wanted === "auto") return images === "pull" ? "confluent" : "open";
  if (wanted === "confluent" && images === "build") {
    throw new SettingsError([
      'controlCenter: got "confluent" while images are built from packages, which Confluent does not publish; expected "open" or "auto"',
    ]);
  }
  return wanted;
}

/**
 * Chooses the source of images. Data written by one kind of images is not given to the other kind, so the choice of the
 * first deploy applies until everything is removed.
 * @param wanted the setting
 * @param recorded the choice of the deploy that created the existing data
 * @param registryAnswers whether images can be pulled; called only if nothing else decides
 * @throws SettingsError if the setting contradicts the existing data
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
      `images: got "${wanted}", but the existing data was written by images from "${recorded}"; ` +
        `expected "${recorded}" or "auto"; to change it, remove the data: make destroy`,
    ]);
  }
  return recorded;
}
