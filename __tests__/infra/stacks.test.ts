import { compareRest } from "../support/reviewed";
import { TARGETS, stackOf } from "../support/stacks";

// Providers, state, outputs, images and the network; everything else is in the snapshot of a component.
compareRest();

test.each(TARGETS)(
  "every resource that is no image belongs to a component, but for what all share: %s",
  (target) => {
    const { configuration, components } = stackOf(target);
    const shared = Object.entries(configuration.resource)
      .filter(([type]) => type !== "docker_image")
      .flatMap(([type, resources]) => Object.keys(resources).map((name) => `${type}.${name}`))
      .filter((address) => components[address] === undefined);
    expect(shared).toEqual(
      target === "docker"
        ? ["docker_network.pipeline", "random_uuid.deployment"]
        : [
            "random_uuid.deployment",
            "kubernetes_namespace_v1.realtime-data-pipeline",
            "kubernetes_network_policy_v1.default-deny",
            "terraform_data.images",
          ],
    );
  },
);

test.each(TARGETS)("the passwords are a sensitive output: %s", (target) => {
  expect(stackOf(target).configuration["output"]!["passwords"]).toMatchObject({ sensitive: true });
});
