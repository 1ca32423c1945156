import { splitStatements, subjectOf } from "../src/cql";
import { SetupError } from "../src/errors";
import { reportTo } from "../src/report";
import { matchesVerifier, scramVerifier } from "../src/scram";
import { waitFor } from "../src/wait";

describe("CQL", () => {
  it("is split at the semicolons that end statements", () => {
    const text = `
      -- a comment; with a semicolon
      CREATE TABLE a (b text) WITH comment = 'it''s; "here" -- no comment'; // one; more
      /* and; */ INSERT INTO "odd;name" (b) VALUES ($$ ; ' $$)
      ;;
      USE x`;
    expect(splitStatements(text)).toEqual([
      `CREATE TABLE a (b text) WITH comment = 'it''s; "here" -- no comment'`,
      `INSERT INTO "odd;name" (b) VALUES ($$ ; ' $$)`,
      "USE x",
    ]);
  });

  it.each([
    ["CREATE TABLE IF NOT EXISTS a.b (c int)", "table", "a.b"],
    ["create keyspace k WITH x", "keyspace", "k"],
    ["ALTER TABLE a.b ADD IF NOT EXISTS c int", "table", "a.b"],
    ["CREATE CUSTOM INDEX IF NOT EXISTS i ON a.b (c)", "custom index", "i"],
  ])("%s", (statement, kind, name) => {
    expect(subjectOf(statement)).toEqual({ kind, name });
  });
});

describe("SCRAM verifier", () => {
  // The example of RFC 7677: user "user", password "pencil".
  const rfc7677 =
    "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$" +
    "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

  it("is that of the standard", () => {
    expect(matchesVerifier("pencil", rfc7677)).toBe(true);
    expect(matchesVerifier("pencils", rfc7677)).toBe(false);
  });

  it("has a new salt each time and matches its password only", () => {
    const verifier = scramVerifier("secret");
    expect(scramVerifier("secret")).not.toBe(verifier);
    expect(matchesVerifier("secret", verifier)).toBe(true);
    expect(matchesVerifier("Secret", verifier)).toBe(false);
  });

  it.each([null, "", "md5d41d8cd98f00b204e9800998ecf8427e"])("does not match what is none: %p", (stored) => {
    expect(matchesVerifier("secret", stored)).toBe(false);
  });
});

describe("waiting", () => {
  const report = reportTo(() => {});

  it("repeats the attempt until it succeeds", async () => {
    let attempts = 0;
    const attempt = () => (++attempts < 3 ? Promise.reject(new Error("not yet")) : Promise.resolve("there"));
    await expect(waitFor("it", attempt, { report })).resolves.toBe("there");
  });

  it("ends at once with an error that will not pass", async () => {
    const attempt = () => Promise.reject(new SetupError("never"));
    await expect(waitFor("it", attempt, { report })).rejects.toThrow(/^never$/);
  });

  it("gives up with the last reason", async () => {
    const attempt = () => Promise.reject(new Error("connect failed", { cause: new Error("refused") }));
    await expect(waitFor("it", attempt, { report, timeoutMs: 300 })).rejects.toThrow(
      /^gave up waiting for it after \d+ s: refused$/,
    );
  });
});
