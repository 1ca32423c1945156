import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { Construct } from "constructs";
import { Grantee, Image, Probe, Workload } from "../workload";
import { childId } from "./child-id";
import type { Kafka } from "./kafka";
import { SetupJob } from "./setup-job";

const SCHEMAS = join(__dirname, "../../apps/schemas");

/** Properties of {@link SchemaRegistry}. */
export interface SchemaRegistryProps {
  /** An image with the contract of confluentinc/cp-schema-registry. */
  readonly image: Image;
  /** The image of apps/setup, which registers the schemas. */
  readonly setupImage: Image;
  /** Where the registry keeps its schemas. */
  readonly kafka: Kafka;
  /** The host's port. */
  readonly publishedPort: number;
  /** MiB the container may use. */
  readonly memory: number;
  /** MiB of Java heap. */
  readonly heap: number;
}

/** A Schema Registry and the job that registers the schemas. An app only ever looks schemas up. Its id is its host name. */
export class SchemaRegistry extends Construct {
  readonly workload: Workload;
  readonly setup: SetupJob;
  private readonly subjects = new Map<string, string>();

  constructor(scope: Construct, id: string, props: SchemaRegistryProps) {
    super(scope, id);
    this.workload = new Workload(this, id, {
      image: props.image,
      user: { uid: 1000, gid: 1000 },
      memory: props.memory,
      ports: [{ name: "http", number: 8081, published: props.publishedPort }],
      env: {
        SCHEMA_REGISTRY_HOST_NAME: id,
        SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS: `PLAINTEXT://${props.kafka.bootstrapServers}`,
        SCHEMA_REGISTRY_HEAP_OPTS: `-Xmx${props.heap}m`,
      },
      probe: Probe.http(8081, "/subjects"),
    });
    this.workload.connectTo(props.kafka.workload, "internal");

    this.setup = new SetupJob(this, childId(this, "schema-registry", "schemas"), {
      image: props.setupImage,
      command: "schemas",
      env: { SCHEMA_REGISTRY_URL: this.url },
      declaration: () => ({
        subjects: [...this.subjects].map(([subject, file]) => ({
          subject,
          schemaFile: `/etc/pipeline/schemas/${file}`,
          // Every reader can read everything that is still on the topic, however old.
          compatibility: "BACKWARD_TRANSITIVE",
        })),
      }),
    });
    this.setup.connectTo(this.workload, "http");
  }

  /** What clients on the container network connect to. */
  get url(): string {
    return `http://${this.workload.address("http")}`;
  }

  /**
   * Has the schemas job register an Avro schema under a subject.
   * @param file relative to apps/schemas, or absolute
   */
  addSubject(subject: string, file: string): void {
    const name = basename(file);
    this.subjects.set(subject, name);
    this.setup.addFile(`/etc/pipeline/schemas/${name}`, readFileSync(resolve(SCHEMAS, file), "utf8"));
  }

  /** Lets an app look at every subject. */
  grantInspect(grantee: Grantee): void {
    for (const client of grantee.workloads) {
      client.addEnv({ CONTROL_CENTER_SCHEMA_REGISTRY_URL: this.url });
      client.connectTo(this.workload, "http");
      client.node.addDependency(this.setup);
    }
  }

  /** Lets a workload look schemas up; it starts when they are registered. */
  addClient(client: Workload): void {
    client.addEnv({ SCHEMA_REGISTRY_URL: this.url });
    client.connectTo(this.workload, "http");
    client.node.addDependency(this.setup);
  }
}
