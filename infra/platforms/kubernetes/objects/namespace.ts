import type { Namespace } from "kubernetes-types/core/v1";
import { ObjectsContext } from "./context";
import { commonLabels } from "./labels";

/** The namespace of a definition: it takes pods that keep to the "restricted" standard, and no others. */
export function namespace(context: ObjectsContext): Namespace {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: context.namespace,
      labels: { ...commonLabels(context), "pod-security.kubernetes.io/enforce": "restricted" },
    },
  };
}
