import { Pipeline } from "../../../../infra/pipeline";
import { resolveSettings } from "../../../../infra/settings";
import { kubernetesTemplate } from "../../../support/kubernetes";

test.each(["build", "pull"] as const)(
  "the synthesized configuration is what was reviewed: images: %s",
  (imageSource) => {
    const { json } = kubernetesTemplate(
      (stack) => new Pipeline(stack, "pipeline", { settings: resolveSettings({}), imageSource }),
    );
    // Tags are hashes of the images' content, names of jobs end with hashes of theirs: which content is reviewed as such.
    const readable = json.replaceAll(/\b[0-9a-f]{12}\b/g, "TAG").replaceAll(/-[0-9a-f]{8}"/g, '-HASH"');
    expect(JSON.parse(readable)).toMatchSnapshot();
  },
);
