import { PROJECT } from "../common";

/** The names of what a deployment is in. */
export class ClusterNames {
  private readonly name: string;

  /** @param prefix stands before every name, with a hyphen; nothing does when it is empty */
  constructor(prefix: string) {
    this.name = prefix === "" ? PROJECT : `${prefix}-${PROJECT}`;
  }

  /** The namespace in the cluster. */
  get namespace(): string {
    return this.name;
  }

  /** The kind cluster that is made where no other is named. */
  get cluster(): string {
    return this.name;
  }

  /** Its context in the kubeconfig, as kind calls it. */
  get context(): string {
    return `kind-${this.name}`;
  }

  /** The container that is its node. */
  get node(): string {
    return `${this.name}-control-plane`;
  }
}
