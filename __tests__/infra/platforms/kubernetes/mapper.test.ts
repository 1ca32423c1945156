import { Testing } from "cdktf";
import { RootConstruct } from "constructs";
import { KubernetesStack } from "../../../../infra/platforms/kubernetes";
import { PlainObject } from "../../../../infra/platforms/kubernetes/objects";
import { resourceOf } from "../../../../infra/platforms/kubernetes/terraform/mapper";
import { objectsOf, pipelineWith } from "../../../support/kubernetes";

/** Every value in it, wherever it stands. */
function leaves(value: unknown): string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(leaves);
  return value === undefined ? [] : [String(value as string | number | boolean)];
}

/** What the bindings make of an object. */
function mapped(object: PlainObject): unknown {
  const stack = new KubernetesStack(Testing.app(), "kind", { context: "kind-test" });
  resourceOf(stack, "resource", object);
  const { resource } = JSON.parse(Testing.synth(stack)) as {
    resource: Record<string, Record<string, Record<string, unknown>>>;
  };
  const [[, byName]] = Object.entries(resource) as [[string, Record<string, Record<string, unknown>>]];
  return { ...Object.values(byName)[0]!, "//": undefined };
}

test("nothing that an object says is lost on the way to the provider, whose bindings drop what they do not know", () => {
  const objects = objectsOf(pipelineWith(new RootConstruct("root"), { workers: 2 }));
  expect(new Set(objects.map(({ kind }) => kind)).size).toBe(10);
  for (const object of objects) {
    const there = leaves(mapped(object));
    // An octal mode in text.
    const expected = leaves({ ...object, apiVersion: undefined, kind: undefined }).map((leaf) =>
      leaf === "292" ? "0444" : leaf,
    );
    for (const leaf of expected) {
      const at = there.indexOf(leaf);
      expect({
        object: `${object.kind} ${object.metadata!.name}`,
        missing: at < 0 ? leaf : undefined,
      }).toEqual({
        object: `${object.kind} ${object.metadata!.name}`,
        missing: undefined,
      });
      there.splice(at, 1);
    }
  }
});
