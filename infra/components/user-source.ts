import { Construct } from "constructs";
import { Grantee } from "../workload";
import { NodeApp } from "./node-app";

/** Where users come from. */
export interface UserSource {
  /** The address to ask for users. */
  readonly url: string;
  /** Lets an app ask for users. */
  grantRead(grantee: Grantee): void;
}

/** The variable that tells an app where to ask for users. */
const URL_VARIABLE = "RANDOM_USER_API_URL";

const DEFAULT_PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

/** The embedded source of users: answers like https://randomuser.me/api/, without the internet. */
export class RandomUserApi extends NodeApp implements UserSource {
  get url(): string {
    return `http://${this.workload.address("http")}/api/`;
  }

  grantRead(grantee: Grantee): void {
    for (const client of grantee.workloads) {
      client.addEnv({ [URL_VARIABLE]: this.url });
      client.connectTo(this.workload, "http");
    }
  }
}

/** Properties of {@link ExternalUserApi}. */
export interface ExternalUserApiProps {
  /** The address of an API that answers like https://randomuser.me/api/. */
  readonly url: string;
}

/** A source of users outside the pipeline. */
export class ExternalUserApi extends Construct implements UserSource {
  readonly url: string;

  constructor(scope: Construct, id: string, props: ExternalUserApiProps) {
    super(scope, id);
    this.url = props.url;
  }

  grantRead(grantee: Grantee): void {
    const { protocol, hostname, port } = new URL(this.url);
    for (const client of grantee.workloads) {
      client.addEnv({ [URL_VARIABLE]: this.url });
      client.reachOutside({ host: hostname, port: Number(port || DEFAULT_PORTS[protocol]) });
    }
  }
}
