import { Document, Scalar, visit } from "yaml";

/**
 * Expressions of Helm's templates stand in objects between marks that occur in no other text. So an object whose own text
 * looks like an expression is told apart, and refused.
 */
const TEXT = "\uE000";
const PLAIN = "\uE001";
const OPTIONAL = "\uE002";
const END = "\uE003";

/** Text that an expression gives, also as a part of other text. Expressions quote with backquotes: YAML's quotes surround them. */
export function text(expression: string): string {
  return TEXT + expression + END;
}

/** What an expression gives, without quotes: a number, or lines of YAML. A field of another type takes it as it is. */
export function plain<T>(expression: string): T {
  return (PLAIN + expression + END) as T;
}

/** Text that an expression gives; the field is left out where that is empty. */
export function optional(expression: string): string {
  return OPTIONAL + expression + END;
}

/** Writes an object as a part of a template. */
export function templateText(object: object): string {
  const document = new Document(object, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value !== "string") return;
      if (node.value.includes("{{"))
        throw new Error(`cannot write a Helm template: text looks like an expression; got ${node.value}`);
      if (node.value.includes(TEXT)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document
    .toString({ lineWidth: 0 })
    .replace(
      new RegExp(`^( *)(\\w+): ${OPTIONAL}(.*)${END}$`, "gm"),
      "{{- with $3 }}\n$1$2: {{ . | quote }}\n{{- end }}",
    )
    .replace(new RegExp(`[${TEXT}${PLAIN}]`, "g"), "{{ ")
    .replaceAll(END, " }}");
}
