import { Construct } from "constructs";

/** Properties of {@link Secret}. */
export interface SecretProps {
  /**
   * How many letters and digits.
   * @default 32
   */
  readonly length?: number;
}

/**
 * A password that the platform generates at the first deploy and keeps with the state: letters and digits, safe in URLs
 * and configuration files.
 */
export class Secret extends Construct {
  readonly length: number;

  constructor(scope: Construct, id: string, props: SecretProps = {}) {
    super(scope, id);
    this.length = props.length ?? 32;
  }
}

/** Text that contains secrets. The platform fills them in at deploy; at synth they have no value. */
export class SecretText {
  constructor(readonly parts: readonly (string | Secret)[]) {}
}

/** Writes a {@link SecretText} as a template literal: secretText`user:${password}@host`. */
export function secretText(
  strings: TemplateStringsArray,
  ...values: readonly (string | Secret)[]
): SecretText {
  return new SecretText(strings.flatMap((text, i) => [text, ...values.slice(i, i + 1)]));
}
