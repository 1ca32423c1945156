import { readFileSync } from "node:fs";
import { findPhrases, rejectedPhrases, STYLE_GUIDE, withoutCode } from "../../tools/checks/language";

const guide = readFileSync(STYLE_GUIDE, "utf8");
const phrases = [
  { phrase: "made again", instead: "recreated" },
  { phrase: "What a {@link", instead: "Properties of" },
];
const found = (text: string) => findPhrases(text, phrases).map(({ phrase, line }) => `${line}: ${phrase}`);

test("the phrases come from the table of docs/style.md", () => {
  expect(rejectedPhrases(guide)).toContainEqual({ phrase: "politely", instead: "gracefully" });
});

test("every phrase of docs/style.md is found in a sentence", () => {
  const missed = rejectedPhrases(guide).filter(
    (each) => findPhrases(`A text, ${each.phrase} Kafka.`, [each]).length === 0,
  );
  expect(missed).toEqual([]);
});

test("a guide without the table is an error", () => {
  expect(() => rejectedPhrases("# Style\n\n| `anew` | again |\n")).toThrow("no table of rejected phrases");
});

test("a phrase is found in upper and lower case, with its line", () => {
  expect(found("First.\nMade again at once.")).toEqual(["2: made again"]);
});

test("a phrase is found across the lines of a paragraph and of a comment", () => {
  expect(found("it is made\nagain")).toEqual(["1: made again"]);
  expect(found("/**\n * it is made\n * again\n */")).toEqual(["2: made again"]);
});

test("a phrase with punctuation is found", () => {
  expect(found("/** What a {@link Kafka} is. */")).toEqual(["1: What a {@link"]);
});

test("a longer word is not the phrase", () => {
  expect(found("unmade again, made against")).toEqual([]);
});

test("code in Markdown is skipped, and the lines after it keep their numbers", () => {
  expect(found(withoutCode("`made again`\n```\nmade again\n```\nmade again"))).toEqual(["5: made again"]);
});

test("a single backtick hides nothing of the next paragraph", () => {
  expect(found(withoutCode("a stray ` mark\n\nmade again, and `code`"))).toEqual(["3: made again"]);
  expect(found(withoutCode("`made\nagain`"))).toEqual([]);
});
