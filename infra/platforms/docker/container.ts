import { Container as ContainerResource, ContainerConfig } from "@cdktf/provider-docker/lib/container";
import { Container } from "../../workload";
import { Rendering } from "./rendering";

/** What services and jobs have in common on an engine, under a given container name. */
export function commonConfig(
  { names, labels, images, network, volumes }: Rendering,
  container: Container,
  name: string,
) {
  return {
    name: names.container(name),
    image: images.resource(container.image).imageId,
    hostname: name,
    // The name without prefix: the same on every platform and in every deployment.
    networksAdvanced: [{ name: network.name, aliases: [name] }],
    command: container.command && [...container.command],
    env: [...container.env].map(([variable, value]) => `${variable}=${value}`).sort(),
    user: `${container.user.uid}:${container.user.gid}`,
    memory: container.memory,
    // The same as memory: no swap. Left out, it comes back as a difference at every plan.
    memorySwap: container.memory,
    volumes: container.mounts.map(({ volume, path }) => ({
      volumeName: volumes.resource(volume).name,
      containerPath: path,
    })),
    labels: [...labels],
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "3" },
    securityOpts: ["no-new-privileges:true"],
    capabilities: { drop: ["ALL"] },
  } satisfies ContainerConfig;
}

/**
 * Adds the container's files, readable inside it. The bindings do not know `permissions` yet; and giving them an owner
 * makes Docker Engine 20.10 look the container's user up among the host's.
 */
export function uploadFiles({ secrets }: Rendering, container: Container, resource: ContainerResource): void {
  const files = [...container.files].sort(([a], [b]) => a.localeCompare(b));
  if (files.length === 0) return;
  resource.addOverride(
    "upload",
    files.map(([file, content]) => ({
      file,
      content: secrets.fillIn(content),
      permissions: "0444",
    })),
  );
}
