import { App } from "cdktf";
import { chooseImageSource } from "./infra/images/source";
import { recordedImageSource, stackId, type Target, TARGETS } from "./infra/platforms/common";
import { resolveSettings, retiredNotices, SettingsError } from "./infra/settings";
import { stacks } from "./infra/stacks";

/** Defines one stack per target. The project's own commands select one target, which takes less time. */
function define(app: App): void {
  const context: unknown = app.node.tryGetContext("pipeline");
  for (const notice of retiredNotices(context, process.env)) console.error(notice);
  const settings = resolveSettings(context, process.env);
  const only = app.node.tryGetContext("target") as Target | undefined;
  for (const target of only === undefined ? TARGETS : [only]) {
    // Each target has its own data, and therefore its own choice.
    const recorded = recordedImageSource(stackId(target, settings.namePrefix));
    stacks[target](app, {
      settings,
      imageSource: chooseImageSource(settings.images, recorded),
      // False for `make down`: workloads are removed, everything else is kept.
      running: app.node.tryGetContext("running") !== false,
    });
  }
}

// Skips cdktf's check of the Terraform version; the preparation and `required_version` check it.
const app = new App({ skipValidation: true });
try {
  define(app);
  app.synth();
} catch (error) {
  // Invalid settings need no stack trace.
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
