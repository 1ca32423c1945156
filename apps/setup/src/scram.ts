import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

const ITERATIONS = 4096;
const KEY_LENGTH = 32;
const VERIFIER = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):(.+)$/;

/**
 * What PostgreSQL stores of a password (RFC 5802): given to ALTER ROLE in place of the password, the password
 * itself never crosses the wire nor reaches a server log, and it is SCRAM whatever the server's default is.
 *
 * @param password printable ASCII, for which the normalisation of RFC 4013 changes nothing
 */
export function scramVerifier(password: string): string {
  return verifier(password, randomBytes(16), ITERATIONS);
}

/** Whether a stored verifier belongs to the password; false for any other kind of stored password. */
export function matchesVerifier(password: string, stored: string | null): boolean {
  const match = VERIFIER.exec(stored ?? "");
  if (!match) return false;
  const [, iterations = "", salt = ""] = match;
  return stored === verifier(password, Buffer.from(salt, "base64"), Number(iterations));
}

function verifier(password: string, salt: Buffer, iterations: number): string {
  const salted = pbkdf2Sync(password, salt, iterations, KEY_LENGTH, "sha256");
  const hmac = (text: string) => createHmac("sha256", salted).update(text).digest();
  const storedKey = createHash("sha256").update(hmac("Client Key")).digest("base64");
  const serverKey = hmac("Server Key").toString("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}
