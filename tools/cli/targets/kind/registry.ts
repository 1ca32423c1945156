import execa from "execa";
import { PROJECT } from "../../../../infra/platforms/common";
import { Finding, fine, problem } from "../../preflight/check";

/** Milliseconds that the registry may take to answer. */
const ANSWERS_WITHIN = 30_000;

/**
 * Whether the engine reaches the registry that images are pushed to: it is asked for one that is not there. Whether this user
 * may push is told by pushing only.
 */
export async function checkRegistry(registry: string): Promise<Finding> {
  const { all = "", timedOut } = await execa("docker", ["pull", `${registry}/${PROJECT}/none:none`], {
    reject: false,
    all: true,
    timeout: ANSWERS_WITHIN,
  });
  // Engines name the request that failed; a registry that answers says that it has no such image.
  const [, failure] = /(?:Get|Head) "https?:[^"]*": (.*)/.exec(all) ?? [];
  if (failure === undefined && !timedOut) return fine("registry", `${registry} answers`);
  return problem(
    "registry",
    `${registry}: ${failure ?? `no answer within ${ANSWERS_WITHIN / 1000} s`}`,
    "kubernetes.imageRegistry in cdktf.json names it. If it wants a login: docker login.",
    "One without TLS, or with a certificate of one's own, has to be known to the Docker Engine as such.",
  );
}
