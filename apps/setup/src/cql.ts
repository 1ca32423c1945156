/** A CQL comment, string, quoted name, function body, end of statement, or anything else up to the next of these. */
const TOKEN = /--.*|\/\/.*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\$[\s\S]*?\$\$|;|[\s\S]/g;

/** The statements of a CQL file, without comments: the protocol takes one at a time. */
export function splitStatements(text: string): string[] {
  const statements = [""];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === ";") statements.push("");
    else if (!/^(--|\/\/|\/\*)/.test(token)) statements[statements.length - 1] += token;
  }
  return statements.map((statement) => statement.trim()).filter((statement) => statement !== "");
}

/** What a statement is about: `CREATE TABLE IF NOT EXISTS a.b (…` → kind "table", name "a.b". */
export function subjectOf(statement: string): { kind: string; name: string } {
  const match = /^\w+\s+((?:(?:CUSTOM|MATERIALIZED)\s+)?\w+)\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?([\w."]+)/i.exec(
    statement,
  );
  return { kind: match?.[1]?.toLowerCase() ?? "statement", name: match?.[2] ?? statement.slice(0, 40) };
}

/** A name quoted for CQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string quoted for CQL. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
