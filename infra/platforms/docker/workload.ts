import { createHash } from "node:crypto";
import { Container as ContainerResource } from "@cdktf/provider-docker/lib/container";
import { Workload } from "../../workload";
import { PROJECT } from "../common";
import { commonConfig, uploadFiles } from "./container";
import { probeCommand } from "./probe";
import { Rendering } from "./rendering";

/** Renders a service: one container for each replica, which counts as created when its probe says it is ready. */
export function workloadContainers(rendering: Rendering, workload: Workload): ContainerResource[] {
  const { probe } = workload;
  const healthcheck = {
    test: probeCommand(probe),
    interval: seconds(probe.period),
    timeout: seconds(probe.timeout),
    retries: 3,
    startPeriod: seconds(probe.startup),
  };
  return workload.containerNames.map((name) => {
    const common = commonConfig(rendering, workload, name);
    const resource = new ContainerResource(rendering.stack, name, {
      ...common,
      ports: workload.ports
        .filter((port) => port.published !== undefined)
        .map((port) => ({ internal: port.number, external: port.published, ip: "127.0.0.1" })),
      healthcheck,
      // The provider plans a changed healthcheck as an update that changes nothing; a changed label is a replacement.
      labels: [...common.labels, { label: `${PROJECT}.healthcheck`, value: digest(healthcheck) }],
      wait: true,
      waitTimeout: probe.startup,
      restart: "unless-stopped",
      // Without it, the provider kills containers at once.
      destroyGraceSeconds: workload.stopGracePeriod,
      stopTimeout: workload.stopGracePeriod,
    });
    uploadFiles(rendering, workload, resource);
    resource.overrideLogicalId(name);
    return resource;
  });
}

/** A duration as Go prints it, which is how the provider reads it back: 90 s is "1m30s". */
function seconds(total: number): string {
  const minutes = Math.floor(total / 60);
  return minutes === 0 ? `${total}s` : `${minutes}m${total % 60}s`;
}

function digest(value: object): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 12);
}
