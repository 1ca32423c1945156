import type { Deployment, StatefulSet } from "kubernetes-types/apps/v1";
import type { Job } from "kubernetes-types/batch/v1";
import type { ConfigMap, Namespace, PersistentVolumeClaim, Secret, Service } from "kubernetes-types/core/v1";
import type { NetworkPolicy } from "kubernetes-types/networking/v1";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";

/** The kinds of Kubernetes objects that a definition becomes, as the API has them. */
export type PlainObject =
  | Namespace
  | ConfigMap
  | Secret
  | PersistentVolumeClaim
  | Service
  | Deployment
  | StatefulSet
  | Job
  | PodDisruptionBudget
  | NetworkPolicy;
