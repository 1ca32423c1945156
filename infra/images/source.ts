import { SettingsError } from "../settings";

/** Source of images: `pull` takes the official images, `build` builds equivalent images from packages. */
export type ImageSource = "pull" | "build";

/** Control Center to deploy: this project's own, or Confluent's. */
export type ControlCenterKind = "open" | "confluent";

/**
 * Chooses the Control Center. The default is this project's own.
 * @throws SettingsError for Confluent's with built images, because no package registry has it
 */
export function chooseControlCenter(
  wanted: ControlCenterKind | "auto",
  images: ImageSource,
): ControlCenterKind {
  if (wanted === "auto") return "open";
  if (wanted === "confluent" && images === "build") {
    throw new SettingsError([
      'controlCenter: got "confluent" while images are built from packages, which Confluent does not publish; expected "open" or "auto"',
    ]);
  }
  return wanted;
}

/**
 * Chooses the source of images. Data written by one kind of images is not given to the other kind, so the choice of the
 * first deploy applies until everything is removed. A new deployment builds its images, because only built ones are tested.
 * @param wanted the setting
 * @param recorded the choice of the deploy that created the existing data
 * @throws SettingsError if the setting contradicts the existing data
 */
export function chooseImageSource(
  wanted: ImageSource | "auto",
  recorded: ImageSource | undefined,
): ImageSource {
  if (recorded === undefined) return wanted === "auto" ? "build" : wanted;
  if (wanted !== "auto" && wanted !== recorded) {
    throw new SettingsError([
      `images: got "${wanted}", but the existing data was written by images from "${recorded}"; ` +
        `expected "${recorded}" or "auto"; to change it, remove the data: make destroy`,
    ]);
  }
  return recorded;
}
