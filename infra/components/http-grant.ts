import { Grantee, Workload } from "../workload";

/** Lets an app reach what a workload serves on its port `http`; the environment variable gets the address. */
export function grantHttp(server: Workload, grantee: Grantee, env: string): void {
  for (const client of grantee.workloads) {
    client.addEnv({ [env]: `http://${server.address("http")}` });
    client.connectTo(server, "http");
  }
}
