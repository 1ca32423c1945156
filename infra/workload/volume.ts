import { Construct } from "constructs";

/** Properties of {@link Volume}. */
export interface VolumeProps {
  /**
   * GiB to ask for where storage is handed out in sizes. A Docker volume takes what it needs.
   * @default 8
   */
  readonly size?: number;
}

/**
 * Storage that outlives the containers using it. It is removed by destroy only.
 *
 * A volume mounted by one workload is private to it; one mounted by several is shared between them.
 */
export class Volume extends Construct {
  readonly size: number;

  constructor(scope: Construct, id: string, props: VolumeProps = {}) {
    super(scope, id);
    this.size = props.size ?? 8;
  }
}
