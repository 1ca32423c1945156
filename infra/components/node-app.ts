import { Construct } from "constructs";
import { Grantee, Image, Probe, Workload } from "../workload";

/** What a {@link NodeApp} is made of. */
export interface NodeAppProps {
  /** The app's image. */
  readonly image: Image;
  /** MiB the container may use. */
  readonly memory: number;
}

/** One of this project's TypeScript services: health and metrics on port 8080, stops politely. Its id is its name. */
export class NodeApp extends Construct implements Grantee {
  readonly workload: Workload;

  constructor(scope: Construct, id: string, props: NodeAppProps) {
    super(scope, id);
    this.workload = new Workload(this, id, {
      image: props.image,
      user: { uid: 1000, gid: 1000 },
      memory: props.memory,
      ports: [{ name: "http", number: 8080 }],
      env: { PORT: "8080" },
      probe: Probe.http(8080, "/readyz"),
    });
  }

  get workloads(): readonly Workload[] {
    return [this.workload];
  }
}
