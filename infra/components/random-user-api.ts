import { Grantee } from "../workload";
import { NodeApp } from "./node-app";

/** The embedded source of users: answers like https://randomuser.me/api/, without the internet. */
export class RandomUserApi extends NodeApp {
  /** The address to ask for users. */
  get url(): string {
    return `http://${this.workload.address("http")}/api/`;
  }

  /** Lets an app ask for users. */
  grantRead(grantee: Grantee): void {
    for (const client of grantee.workloads) {
      client.addEnv({ RANDOM_USER_API_URL: this.url });
      client.connectTo(this.workload, "http");
    }
  }
}
