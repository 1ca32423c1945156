import { variableOf } from "./definitions";
import { type Environment, lookUp } from "./lookup";

/** A setting of an earlier release that no longer has an effect. */
export interface RetiredSetting {
  /** Name in cdktf.json, e.g. `heap.broker`. */
  readonly name: string;
  /** Release that retired the setting, e.g. `0.2.0`. */
  readonly since: string;
  /** What replaces the setting, or why it is gone. */
  readonly reason: string;
}

/** Every retired setting. Each of them also stands under "Upgrading" in CHANGELOG.md. */
export const RETIRED: readonly RetiredSetting[] = [];

/** The environment variable that set a retired setting. */
export function retiredVariable({ name }: RetiredSetting): string {
  return variableOf(name.split("."));
}

/**
 * Returns one line for each retired setting that cdktf.json or the environment still sets.
 * @param context the `pipeline` object of cdktf.json's context
 */
export function retiredNotices(
  context: unknown,
  environment: Environment,
  retired: readonly RetiredSetting[] = RETIRED,
): string[] {
  return retired.flatMap((setting) => {
    const { name, since, reason } = setting;
    const variable = retiredVariable(setting);
    const { origin } = lookUp({ path: name.split("."), variable }, context, environment);
    if (origin === "default") return [];
    const given = origin === "environment" ? variable : name;
    return [`setting ${given} is retired since ${since} and ignored: ${reason}`];
  });
}
