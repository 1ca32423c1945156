import { Password } from "@cdktf/provider-random/lib/password";
import { TerraformOutput, TerraformStack } from "cdktf";
import { Secret, SecretText } from "../../workload";

/** The passwords that a definition uses, generated once and kept in the state. */
export class Secrets {
  private readonly passwords = new Map<Secret, Password>();

  constructor(private readonly stack: TerraformStack) {}

  /** The resource that generates a secret. */
  password(secret: Secret): Password {
    const present = this.passwords.get(secret);
    if (present !== undefined) return present;
    // Letters and digits only: safe in URLs, JSON and configuration files.
    const password = new Password(this.stack, secret.node.id, { length: secret.length, special: false });
    password.overrideLogicalId(secret.node.id);
    this.passwords.set(secret, password);
    return password;
  }

  /** Text with the secrets in their places, known at apply. */
  fillIn(text: string | SecretText): string {
    if (typeof text === "string") return text;
    return text.parts.map((part) => (part instanceof Secret ? this.password(part).result : part)).join("");
  }

  /** Hands the passwords out as the sensitive output `passwords`, by the ids of the secrets. */
  output(): void {
    const value: Record<string, string> = {};
    for (const [secret, password] of this.passwords) value[secret.node.id] = password.result;
    new TerraformOutput(this.stack, "output-passwords", { value, sensitive: true }).overrideLogicalId(
      "passwords",
    );
  }
}
