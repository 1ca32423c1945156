import execa from "execa";
import { PROJECT } from "../../../../infra/platforms/common";
import { Finding, fine, problem } from "../../preflight/check";

/** Timeout in milliseconds for the registry to answer. */
const ANSWERS_WITHIN = 30_000;

/**
 * Checks that the engine reaches the registry that images are pushed to, by a pull of a missing image. Only a push
 * shows whether this user may push.
 */
export async function checkRegistry(registry: string): Promise<Finding> {
  const { all = "", timedOut } = await execa("docker", ["pull", `${registry}/${PROJECT}/none:none`], {
    reject: false,
    all: true,
    timeout: ANSWERS_WITHIN,
  });
  // Engines name a failed request. A registry that answers reports a missing image.
  const [, failure] = /(?:Get|Head) "https?:[^"]*": (.*)/.exec(all) ?? [];
  if (failure === undefined && !timedOut) return fine("registry", `${registry} answers`);
  return problem(
    "registry",
    `${registry}: ${failure ?? `no answer within ${ANSWERS_WITHIN / 1000} s`}`,
    "Correct kubernetes.imageRegistry in cdktf.json. If the registry requires a login, run: docker login",
    "Configure a registry without TLS or with a private certificate in the Docker Engine.",
  );
}
