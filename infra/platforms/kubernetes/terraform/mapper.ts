import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { PersistentVolumeClaimV1 } from "@cdktf/provider-kubernetes/lib/persistent-volume-claim-v1";
import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import { StatefulSetV1 } from "@cdktf/provider-kubernetes/lib/stateful-set-v1";
import { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { PlainObject } from "../objects";

/** The provider's resource for each kind of object, and its settings that no object has. */
const RESOURCES: Readonly<Record<string, Mapping>> = {
  Namespace: { type: NamespaceV1 },
  ConfigMap: { type: ConfigMapV1 },
  Secret: { type: SecretV1 },
  // Bound when the first pod wants it, which is only made afterwards.
  PersistentVolumeClaim: { type: PersistentVolumeClaimV1, settings: { waitUntilBound: false } },
  Service: { type: ServiceV1 },
  Deployment: { type: DeploymentV1, settings: { waitForRollout: true } },
  StatefulSet: { type: StatefulSetV1, settings: { waitForRollout: true } },
  Job: { type: JobV1, settings: { waitForCompletion: true, timeouts: { create: "11m", update: "11m" } } },
  PodDisruptionBudget: { type: PodDisruptionBudgetV1 },
  NetworkPolicy: { type: NetworkPolicyV1 },
};

interface Mapping {
  // Each class has a configuration of its own; what they get is checked by the provider, see tests of the mapper.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly type: new (scope: Construct, id: string, config: any) => TerraformResource;
  readonly settings?: object;
}

/** Lists whose elements are blocks, which the provider calls by the singular. */
const SINGULAR: Readonly<Record<string, string>> = {
  containers: "container",
  ports: "port",
  volumes: "volume",
  volumeMounts: "volumeMount",
  volumeClaimTemplates: "volumeClaimTemplate",
  // The provider has no other way to give a secret's data than plain.
  stringData: "data",
  clusterIP: "clusterIp",
};
/** Single objects that the provider wants as lists. */
const LISTS = new Set(["tcpSocket", "labelSelector"]);
/** Maps whose keys are data. */
const MAPS = new Set(["labels", "annotations", "matchLabels", "data", "stringData", "requests", "limits"]);

/** Makes an object a resource of the Kubernetes provider. */
export function resourceOf(scope: Construct, id: string, object: PlainObject): TerraformResource {
  const { kind, ...rest } = object;
  const mapping = RESOURCES[kind ?? ""]!;
  const keepPlurals = kind === "NetworkPolicy";
  return new mapping.type(scope, id, {
    ...(translate({ ...rest, apiVersion: undefined }, keepPlurals) as object),
    ...mapping.settings,
  });
}

/** Field by field: the provider's names follow from Kubernetes' own by rules. */
function translate(value: unknown, keepPlurals: boolean): unknown {
  if (Array.isArray(value)) return value.map((element) => translate(element, keepPlurals));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]): [string, unknown] => {
      const name = (keepPlurals ? undefined : SINGULAR[key]) ?? key;
      if (MAPS.has(key) || (key === "selector" && isMapOfStrings(field))) return [name, field];
      // An octal number in text, as people write it.
      if (key === "defaultMode") return [name, `0${(field as number).toString(8)}`];
      const translated = translate(field, keepPlurals);
      return [name, LISTS.has(key) ? [translated] : translated];
    }),
  );
}

/** A service's selector is a map; the others have selectors with fields. */
function isMapOfStrings(value: unknown): boolean {
  return Object.values(value as object).every((each) => typeof each === "string");
}
