import { join } from "node:path";
import { Construct } from "constructs";
import { BuiltImage, Image } from "../workload";
import { bundleControlCenter, bundleNodeApp, stageContext } from "./context";
import { confluentControlCenterImage, officialImages } from "./official";
import { packagedImages } from "./packaged";
import { ServerImages } from "./server-images";
import { ControlCenterKind, ImageSource } from "./source";

/** What {@link Images} are made of. */
export interface ImagesProps {
  readonly source: ImageSource;
  readonly controlCenter: ControlCenterKind;
}

/**
 * Every image of the pipeline: those of the servers, and those that this project makes of them by adding its own code. The
 * latter are the same wherever the former come from.
 */
export class Images extends Construct {
  readonly servers: ServerImages;
  /** Airflow with the DAGs of apps/dags. */
  readonly dags: Image;
  /** Spark's master and workers: with connectors. */
  readonly spark: Image;
  /** Spark with the job of apps/stream. */
  readonly stream: Image;
  readonly randomUserApi: Image;
  readonly producer: Image;
  readonly sink: Image;
  readonly controlCenter: Image;
  readonly setup: Image;

  constructor(scope: Construct, id: string, { source, controlCenter }: ImagesProps) {
    super(scope, id);
    this.servers = source === "pull" ? officialImages(this, controlCenter) : packagedImages(this);
    const { airflow, spark, maven, node } = this.servers;
    this.spark = new BuiltImage(this, "spark-connectors", {
      directory: join(__dirname, "spark-connectors"),
      parents: { SPARK: spark, MAVEN: maven },
    });
    this.dags = this.derive("dags", ["dags"], { AIRFLOW: airflow });
    this.stream = this.derive("stream", ["stream", "schemas"], { SPARK: this.spark });

    this.randomUserApi = this.nodeApp("random-user-api", node);
    this.producer = this.nodeApp("producer", node);
    this.sink = this.nodeApp("sink", node);
    this.controlCenter =
      controlCenter === "confluent"
        ? confluentControlCenterImage(this)
        : this.nodeApp("control-center", node, bundleControlCenter());
    this.setup = this.nodeApp("setup", node);
  }

  /** An image whose context is its own directory here plus folders of apps/. */
  private derive(name: string, folders: readonly string[], parents: Record<string, Image>): Image {
    return new BuiltImage(this, name, { directory: stageContext(name, folders), parents });
  }

  private nodeApp(name: string, node: Image, directory = bundleNodeApp(name)): Image {
    return new BuiltImage(this, name, { directory, parents: { NODE: node } });
  }
}
