import { TerraformStack } from "cdktf";

/**
 * The providers' versions. The bindings pin older ones: Docker's could neither set permissions of uploaded files nor use
 * BuildKit.
 */
const VERSIONS = { docker: "~> 4.6", kubernetes: "~> 3.2", random: "~> 3.7" };

/** Has a stack use these versions of the providers that it declares, and a Terraform that has what it needs. */
export function pinVersions(stack: TerraformStack, ...providers: readonly (keyof typeof VERSIONS)[]): void {
  for (const provider of providers) {
    stack.addOverride(`terraform.required_providers.${provider}.version`, VERSIONS[provider]);
  }
  stack.addOverride("terraform.required_version", ">= 1.5");
}
