import { Container as ContainerResource } from "@cdktf/provider-docker/lib/container";
import { Network } from "@cdktf/provider-docker/lib/network";
import { dependable, ITerraformDependable } from "cdktf";
import { Construct, IConstruct } from "constructs";
import { checkNames, Container, Image, Job, Secret, Workload } from "../../workload";
import { DEPLOYMENT_LABEL, deploymentId, Images, Secrets } from "../common";
import { jobCheck, jobContainer } from "./job";
import { Names } from "./names";
import { Rendering } from "./rendering";
import { DockerStack } from "./stack";
import { Volumes } from "./volumes";
import { workloadContainers } from "./workload";

/** Properties of {@link DockerPlatform}. */
export interface DockerPlatformProps {
  /** The definition to render: every workload, job, volume, image and secret below it. */
  readonly definition: Construct;
  /**
   * Put before the names of containers, volumes and the network, with a hyphen, so that two definitions can share an
   * engine.
   * @default - nothing
   */
  readonly namePrefix?: string;
  /**
   * Images to make although no workload uses them. The output `images` has their names, by the keys given here.
   * @default - none
   */
  readonly images?: Readonly<Record<string, Image>>;
  /**
   * Whether containers run. Without them, network, volumes, passwords and images stay.
   * @default true
   */
  readonly running?: boolean;
}

/** Renders a definition as resources of the Docker provider. */
export class DockerPlatform {
  constructor(stack: DockerStack, props: DockerPlatformProps) {
    checkNames(props.definition);
    const constructs = props.definition.node.findAll();
    const names = new Names(props.namePrefix ?? "");
    const network = new Network(stack, "network", {
      name: names.network,
      driver: "bridge",
      labels: names.labels,
    });
    network.overrideLogicalId("pipeline");

    const containers = new Map<Workload, ContainerResource[]>();
    const rendering: Rendering = {
      stack,
      names,
      labels: [...names.labels, { label: DEPLOYMENT_LABEL, value: deploymentId(stack) }],
      network,
      images: new Images(stack),
      secrets: new Secrets(stack),
      volumes: new Volumes(stack, names),
      containers,
    };
    // Everything that stays while the pipeline is down exists whether or not something runs.
    for (const construct of constructs) {
      if (construct instanceof Secret) rendering.secrets.password(construct);
      if (construct instanceof Container) {
        rendering.images.resource(construct.image);
        for (const { volume } of construct.mounts) rendering.volumes.resource(volume);
      }
    }
    rendering.secrets.output();
    if (props.images !== undefined) rendering.images.output(props.images);
    if (props.running ?? true) this.renderContainers(constructs, rendering, containers);
  }

  private renderContainers(
    constructs: readonly IConstruct[],
    rendering: Rendering,
    containers: Map<Workload, ContainerResource[]>,
  ): void {
    /** What to wait for until a workload is ready or a job has succeeded. */
    const done = new Map<Container, readonly ITerraformDependable[]>();
    const rendered = new Map<Container, readonly ContainerResource[]>();

    for (const workload of constructs.filter((construct) => construct instanceof Workload)) {
      const resources = workloadContainers(rendering, workload);
      containers.set(workload, resources);
      rendered.set(workload, resources);
      done.set(workload, resources);
    }
    for (const job of constructs.filter((construct) => construct instanceof Job)) {
      const container = jobContainer(rendering, job);
      rendered.set(job, [container]);
      done.set(job, [jobCheck(rendering, job, container)]);
    }
    // The start order, once everything that can be waited for exists.
    for (const [container, resources] of rendered) {
      const awaited = container.startsAfter.flatMap((dependency) => done.get(dependency) ?? []);
      const dependsOn = [...new Set(awaited.map(dependable))];
      for (const resource of resources) resource.dependsOn = dependsOn;
    }
  }
}
