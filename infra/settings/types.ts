import { Cron } from "croner";
import { z } from "zod";

/** Type of a setting: its check, and the expected values in words. */
export interface SettingType<T extends string | number> {
  readonly type: z.ZodType<T>;
  /** Expected values; completes the message "expected …". */
  readonly allowed: string;
}

/** Texts about a setting. */
export interface SettingText {
  readonly description: string;
  readonly allowed: string;
}

/** Texts of each setting. */
export const texts = z.registry<SettingText>();

/** Declares a setting with its type, default and description. */
export function setting<T extends string | number>(
  { type, allowed }: SettingType<T>,
  fallback: T,
  description: string,
): z.ZodType<T> {
  return type.default(fallback as never).register(texts, { description, allowed }) as unknown as z.ZodType<T>;
}

/** A whole number. The environment gives numbers as text. */
function number(min: number, max: number): z.ZodType<number> {
  const fromText = (given: unknown) =>
    typeof given === "string" && /^\d+$/.test(given) ? Number(given) : given;
  return z.preprocess(fromText, z.number().int().min(min).max(max));
}

/** A whole number between two bounds, both inclusive. */
export function wholeNumber(min: number, max: number): SettingType<number> {
  const shown = (bound: number) => bound.toLocaleString("en");
  return { type: number(min, max), allowed: `a whole number from ${shown(min)} to ${shown(max)}` };
}

/** One of the given words. */
export function oneOf<T extends string>(...words: readonly [T, ...T[]]): SettingType<T> {
  return { type: z.enum(words) as z.ZodType<T>, allowed: `one of ${words.join(", ")}` };
}

/** A port of the host. */
export const hostPort: SettingType<number> = { type: number(1, 65_535), allowed: "a port, 1 to 65535" };

/** An amount of memory in MiB. */
export const memory: SettingType<number> = {
  type: number(32, 1_048_576),
  allowed: "a whole number of MiB from 32",
};

/** A schedule in cron notation. */
export const cron: SettingType<string> = {
  type: z.string().refine(isSchedule),
  allowed: "five cron fields (minute hour day month weekday), or @hourly, @daily, @weekly, @monthly, @yearly",
};

function isSchedule(text: string): boolean {
  if (/^@(hourly|daily|weekly|monthly|yearly)$/.test(text)) return true;
  if (text.trim().split(/\s+/).length !== 5) return false;
  try {
    new Cron(text, { paused: true });
    return true;
  } catch {
    return false;
  }
}

/** A prefix for container names. */
export const name: SettingType<string> = {
  type: z.string().regex(/^([a-z][a-z0-9-]{0,19})?$/),
  allowed: "empty, or a lower-case letter followed by up to 19 lower-case letters, digits and hyphens",
};

/** The name of a kubeconfig context. */
export const kubeContext: SettingType<string> = {
  type: z.string().regex(/^\S*$/),
  allowed: "empty, or a context that kubectl config get-contexts lists",
};

/** A container registry, optionally with a path. */
export const imageRegistry: SettingType<string> = {
  type: z.string().regex(/^([a-z0-9][a-z0-9.-]*(:\d{1,5})?(\/[a-z0-9._-]+)*)?$/),
  allowed: "empty, or HOST[:PORT][/PATH] in lower case",
};

/** The name of a storage class. */
export const storageClass: SettingType<string> = {
  type: z.string().regex(/^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$/),
  allowed: "empty, or a name that kubectl get storageclass lists",
};

/** The source of users. */
export const source: SettingType<string> = {
  type: z.literal("embedded").or(z.url({ protocol: /^https?$/ })),
  allowed:
    "embedded (no internet access needed), or the URL of an API that is compatible with https://randomuser.me/api/",
};
