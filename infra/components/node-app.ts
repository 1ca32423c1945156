import { Construct } from "constructs";
import { Grantee, Image, Port, Probe, Workload } from "../workload";
import { grantHttp } from "./http-grant";

/** Properties of {@link NodeApp}. */
export interface NodeAppProps {
  /** The app's image. */
  readonly image: Image;
  /** MiB the container may use. */
  readonly memory: number;
  /**
   * The port it serves HTTP on, and the host's port for it.
   * @default - 8080, on the container network only
   */
  readonly http?: Omit<Port, "name">;
}

/**
 * One of this project's TypeScript services. It serves health and metrics over HTTP and stops gracefully. Its id is its
 * name.
 */
export class NodeApp extends Construct implements Grantee {
  readonly workload: Workload;

  constructor(scope: Construct, id: string, props: NodeAppProps) {
    super(scope, id);
    const http = props.http ?? { number: 8080 };
    this.workload = new Workload(this, id, {
      image: props.image,
      user: { uid: 1000, gid: 1000 },
      memory: props.memory,
      ports: [{ name: "http", ...http }],
      env: { PORT: String(http.number) },
      probe: Probe.http(http.number, "/readyz", { alivePath: "/livez" }),
    });
  }

  get workloads(): readonly Workload[] {
    return [this.workload];
  }

  /**
   * Lets an app read its metrics.
   * @param env the environment variable that gets its address
   */
  grantMetrics(grantee: Grantee, env: string): void {
    grantHttp(this.workload, grantee, env);
  }
}
