import { join } from "node:path";
import { Construct } from "constructs";
import { Image } from "../workload";
import { bundleNodeApp, stageContext } from "./context";

/** Made by tools/airgap, or the official images under a name that does not depend on where they came from. */
const DEBIAN = "realtime-data-pipeline/debian:bookworm";
const DEBIAN_TRIXIE = "realtime-data-pipeline/debian:trixie";

/** The images this project builds, each from its directory here. They honour the official images' contracts. */
export class Images extends Construct {
  /** ZooKeeper and the broker. */
  readonly kafka: Image;
  readonly schemaRegistry: Image;
  readonly postgres: Image;
  readonly cassandra: Image;
  readonly airflow: Image;
  /** Airflow with the DAGs of apps/dags. */
  readonly dags: Image;
  /** Spark's master and workers. */
  readonly spark: Image;
  /** Spark with the job of apps/stream. */
  readonly stream: Image;
  readonly randomUserApi: Image;
  readonly producer: Image;
  readonly sink: Image;
  readonly setup: Image;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const base = this.build("base", { DEBIAN });
    const java = this.build("java", { BASE: base });
    const maven = this.build("maven", { JAVA: java });
    const python = this.build("python", { BASE: base });
    const node = this.build("node", { BASE: base, PYTHON: python });

    this.kafka = this.build("kafka", { JAVA: java, MAVEN: maven });
    this.schemaRegistry = this.build("schema-registry", { JAVA: java, MAVEN: maven });
    this.postgres = this.build("postgres", { DEBIAN_TRIXIE });
    this.cassandra = this.build("cassandra", { JAVA: java, MAVEN: maven });
    this.spark = this.build("spark", { JAVA: java, MAVEN: maven });
    this.airflow = this.build("airflow", { PYTHON: python });
    this.dags = this.derive("dags", ["dags"], { AIRFLOW: this.airflow });
    this.stream = this.derive("stream", ["stream", "schemas"], { SPARK: this.spark });

    this.randomUserApi = this.nodeApp("random-user-api", node);
    this.producer = this.nodeApp("producer", node);
    this.sink = this.nodeApp("sink", node);
    this.setup = this.nodeApp("setup", node);
  }

  private build(name: string, parents: Record<string, Image | string>): Image {
    return new Image(this, name, { directory: join(__dirname, name), parents });
  }

  /** An image whose context is its own directory here plus folders of apps/. */
  private derive(name: string, folders: readonly string[], parents: Record<string, Image | string>): Image {
    return new Image(this, name, { directory: stageContext(name, folders), parents });
  }

  private nodeApp(name: string, node: Image): Image {
    return new Image(this, name, { directory: bundleNodeApp(name), parents: { NODE: node } });
  }
}
