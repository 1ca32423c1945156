import { IConstruct } from "constructs";

/**
 * A mistake in the definition, found at synth. The message says what is wrong, the value given, what is allowed
 * and the likely fix; the construct's path says where.
 */
export class DefinitionError extends Error {
  constructor(scope: IConstruct, message: string) {
    super(`${scope.node.path}: ${message}`);
    this.name = "DefinitionError";
  }
}
