import type { Faker } from "@faker-js/faker";

const CHARSETS = {
  special: " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  lower: "abcdefghijklmnopqrstuvwxyz",
  number: "0123456789",
};
const MAX_LENGTH = 64;
const MIN_LENGTH = 8;

/** Which characters a password is made of and how many, both bounds inclusive. */
export interface PasswordRule {
  charset: string;
  min: number;
  max: number;
}

/**
 * Reads the parameter `password=CHARSETS,MIN-MAX` (or `CHARSETS,LENGTH`, or `CHARSETS`: 8 to 64 characters);
 * lengths outside 1..64 are replaced by these defaults.
 *
 * @returns `null` when no known character set is named
 */
export function parsePasswordRule(text: string | undefined): PasswordRule | null {
  const parts = (text ?? "").split(",").map((part) => part.trim());
  const charset = Object.entries(CHARSETS)
    .filter(([name]) => parts.includes(name))
    .map(([, characters]) => characters)
    .join("");
  if (charset === "") return null;
  const lengths = (parts.at(-1) ?? "").split("-").map(Number);
  const valid = (length: number) => length >= 1 && length <= MAX_LENGTH;
  const min = Math.trunc(Math.min(...lengths));
  const max = Math.trunc(Math.max(...lengths));
  const from = valid(min) ? min : MIN_LENGTH;
  return { charset, min: from, max: valid(max) && max >= from ? max : MAX_LENGTH };
}

/** A password by the rule, or a word without one. */
export function password(faker: Faker, rule: PasswordRule | null): string {
  // Among them are "SUV" and "CD".
  if (rule === null) return faker.word.noun().toLowerCase();
  return faker.string.fromCharacters(rule.charset, { min: rule.min, max: rule.max });
}
