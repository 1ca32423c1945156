import { Volume as VolumeResource } from "@cdktf/provider-docker/lib/volume";
import { Volume } from "../../workload";
import { Names } from "./names";
import { DockerStack } from "./stack";

/** The volumes that a definition uses. */
export class Volumes {
  private readonly resources = new Map<Volume, VolumeResource>();

  constructor(
    private readonly stack: DockerStack,
    private readonly names: Names,
  ) {}

  /** The resource that makes a volume. */
  resource(volume: Volume): VolumeResource {
    const present = this.resources.get(volume);
    if (present !== undefined) return present;
    const id = volume.node.id;
    const resource = new VolumeResource(this.stack, `volume-${id}`, {
      name: this.names.volume(id),
      labels: this.names.labels,
    });
    resource.overrideLogicalId(id);
    this.resources.set(volume, resource);
    return resource;
  }
}
