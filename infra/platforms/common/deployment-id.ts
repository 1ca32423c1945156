import { Uuid } from "@cdktf/provider-random/lib/uuid";
import { TerraformStack } from "cdktf";
import { PROJECT } from "./project";

/** The label that has the id of a deployment. */
export const DEPLOYMENT_LABEL = `${PROJECT}.deployment`;

/** Where the Terraform state has the id of a deployment. */
export const DEPLOYMENT_ID = { type: "random_uuid", name: "deployment" } as const;

/**
 * Declares the random id of a deployment, which lives in the state.
 *
 * It must not become a label where a change replaces data: on volumes and networks of Docker, in claim templates.
 * @returns the id, known at apply
 */
export function deploymentId(stack: TerraformStack): string {
  const id = new Uuid(stack, "deployment-id");
  id.overrideLogicalId(DEPLOYMENT_ID.name);
  return id.result;
}
