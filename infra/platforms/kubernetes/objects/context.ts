import { Image, Secret, SecretText } from "../../../workload";

/** What plain objects cannot know by themselves: it is different for a deploy by Terraform and for a Helm chart. */
export interface ObjectsContext {
  /** The namespace of all objects but itself. */
  readonly namespace: string;
  /** What looks after the objects: the label app.kubernetes.io/managed-by. */
  readonly managedBy: string;
  /** How nodes know an image. */
  image(image: Image): string;
  /** Text with its secrets in their places, or what becomes that at deploy. */
  fillIn(text: SecretText): string;
  /** A hash of the values of secrets, or what becomes that at deploy. */
  hash(secrets: readonly Secret[]): string;
  /**
   * The class of volumes.
   * @default - the cluster's default
   */
  readonly storageClass?: string;
}
