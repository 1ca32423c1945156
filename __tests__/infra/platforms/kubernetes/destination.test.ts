import { destinationOf } from "../../../../infra/platforms/kubernetes";
import { resolveSettings } from "../../../../infra/settings";

const destination = (kubernetes: object, namePrefix = "") =>
  destinationOf(resolveSettings({ kubernetes, namePrefix }));

test("without a context, the pipeline gets a kind cluster of its own", () => {
  expect(destination({})).toEqual({
    context: "kind-realtime-data-pipeline",
    own: true,
    delivery: { cluster: "realtime-data-pipeline" },
  });
  expect(destination({}, "mine").context).toBe("kind-mine-realtime-data-pipeline");
});

test("images are loaded onto another kind cluster, and pushed for any other cluster", () => {
  expect(destination({ context: "kind-dev" })).toEqual({
    context: "kind-dev",
    own: false,
    delivery: { cluster: "dev" },
  });
  expect(destination({ context: "prod", imageRegistry: "registry.example.com/team" })).toEqual({
    context: "prod",
    own: false,
    delivery: { registry: "registry.example.com/team" },
  });
});

test("a cluster that images cannot get to is refused, with what to do", () => {
  expect(() => destination({ context: "prod" })).toThrow(
    /kubernetes\.imageRegistry: got nothing while kubernetes\.context "prod" is not a kind cluster; expected a registry/,
  );
});
