import { Construct } from "constructs";
import { Image, Job, SecretText } from "../workload";

/** Properties of {@link SetupJob}. */
export interface SetupJobProps {
  /** The image of apps/setup. */
  readonly image: Image;
  /** The command of apps/setup that does the work. */
  readonly command: "topics" | "schemas" | "staging" | "keyspace";
  /** The variables that say where the server is. */
  readonly env: Readonly<Record<string, string>>;
  /** The declaration the command makes true. Asked for when the definition is complete. */
  readonly declaration: () => object;
}

/** A job that brings a server to a declared state: topics, schemas, roles, tables. */
export class SetupJob extends Job {
  constructor(scope: Construct, id: string, props: SetupJobProps) {
    super(scope, id, {
      image: props.image,
      user: { uid: 1000, gid: 1000 },
      memory: 192,
      // The image's command line; the declaration lies where apps/setup looks for it by default.
      command: ["node", "index.js", props.command],
      env: props.env,
    });
    this.addFile(
      "/etc/pipeline/setup.json",
      () => new SecretText([JSON.stringify(props.declaration(), null, 2)]),
    );
  }
}
