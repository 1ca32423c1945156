import { Pipeline } from "../../../../infra/pipeline";
import { resolveSettings } from "../../../../infra/settings";
import { kubernetesTemplate, pipelineWith } from "../../../support/kubernetes";

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

test("readers are rolled out before those who write a new schema", () => {
  const template = kubernetesTemplate((stack) => {
    const pipeline = pipelineWith(stack);
    pipeline.startReadersFirst();
    return pipeline;
  });
  const startsAfter = (name: string) => template.resource("kubernetes_deployment_v1", name).depends_on;
  expect(startsAfter("producer")).toContain("kubernetes_deployment_v1.spark-stream");
  expect(startsAfter("spark-stream")).toContain("kubernetes_deployment_v1.sink");
});
