import { Cron } from "croner";
import { z } from "zod";

/** What a setting's value may be, checked and in words. */
export interface SettingType<T extends string | number> {
  readonly type: z.ZodType<T>;
  /** Completes the sentence "allowed: …". */
  readonly allowed: string;
}

/** What is said about a setting. */
export interface SettingText {
  readonly description: string;
  readonly allowed: string;
}

/** What is said about each setting. */
export const texts = z.registry<SettingText>();

/** One setting: its type, its default, and what it is. */
export function setting<T extends string | number>(
  { type, allowed }: SettingType<T>,
  fallback: T,
  description: string,
): z.ZodType<T> {
  return type.default(fallback as never).register(texts, { description, allowed }) as unknown as z.ZodType<T>;
}

/** Numbers may come from the environment, where everything is text. */
function number(min: number, max: number): z.ZodType<number> {
  const fromText = (given: unknown) =>
    typeof given === "string" && /^\d+$/.test(given) ? Number(given) : given;
  return z.preprocess(fromText, z.number().int().min(min).max(max));
}

/** A whole number between two others, both included. */
export function wholeNumber(min: number, max: number): SettingType<number> {
  const shown = (bound: number) => bound.toLocaleString("en");
  return { type: number(min, max), allowed: `a whole number from ${shown(min)} to ${shown(max)}` };
}

/** One of some words. */
export function oneOf<T extends string>(...words: readonly [T, ...T[]]): SettingType<T> {
  return { type: z.enum(words) as z.ZodType<T>, allowed: `one of ${words.join(", ")}` };
}

/** A port of the host. */
export const hostPort: SettingType<number> = { type: number(1, 65_535), allowed: "a port, 1 to 65535" };

/** An amount of memory. */
export const memory: SettingType<number> = {
  type: number(32, 1_048_576),
  allowed: "MiB, a whole number from 32",
};

/** When something happens. */
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

/** Something that names of containers begin with. */
export const name: SettingType<string> = {
  type: z.string().regex(/^([a-z][a-z0-9-]{0,19})?$/),
  allowed: "nothing, or a letter and up to 19 more lower-case letters, digits and hyphens",
};

/** A context of the kubeconfig. */
export const kubeContext: SettingType<string> = {
  type: z.string().regex(/^\S*$/),
  allowed: "nothing, or a context that kubectl config get-contexts lists",
};

/** A container registry with a path. */
export const imageRegistry: SettingType<string> = {
  type: z.string().regex(/^([a-z0-9][a-z0-9.-]*(:\d{1,5})?(\/[a-z0-9._-]+)*)?$/),
  allowed: "nothing, or HOST, HOST:PORT or either with a /PATH, in lower case",
};

/** A class of volumes. */
export const storageClass: SettingType<string> = {
  type: z.string().regex(/^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$/),
  allowed: "nothing, or a name that kubectl get storageclass lists",
};

/** Where users come from. */
export const source: SettingType<string> = {
  type: z.literal("embedded").or(z.url({ protocol: /^https?$/ })),
  allowed: "embedded (no internet needed), or the URL of an API that answers like https://randomuser.me/api/",
};
