import { Construct } from "constructs";
import { Airflow } from "./components/airflow";
import { ConfluentControlCenter } from "./components/confluent-control-center";
import { ControlCenter } from "./components/control-center";
import { Producer } from "./components/producer";
import { Sink } from "./components/sink";
import { Spark } from "./components/spark";
import { ExternalUserApi, RandomUserApi, UserSource } from "./components/user-source";
import { Foundation } from "./foundation";
import { Images } from "./images";
import { chooseControlCenter, ImageSource } from "./images/source";
import { Settings } from "./settings";

/** Properties of {@link Pipeline}. */
export interface PipelineProps {
  readonly settings: Settings;
  /** Where images come from. */
  readonly imageSource: ImageSource;
}

/**
 * The whole pipeline:
 *
 *     random-user-api ─▶ Airflow ─▶ PostgreSQL ─▶ producer ─▶ users_created ─▶ Spark
 *                                                                               │
 *     Cassandra ◀─ sink ◀─ users_processed, user_stats ◀────────────────────────┘
 *
 * and the Control Center, which looks at it.
 */
export class Pipeline extends Construct {
  readonly foundation: Foundation;
  /** Where users come from. */
  readonly source: UserSource;
  readonly airflow: Airflow;
  readonly producer: Producer;
  readonly spark: Spark;
  readonly sink: Sink;
  readonly controlCenter: ControlCenter | ConfluentControlCenter;

  constructor(scope: Construct, id: string, props: PipelineProps) {
    super(scope, id);
    const { settings } = props;
    const { ports, memory, heap } = settings;
    const controlCenter = chooseControlCenter(settings.controlCenter, props.imageSource);
    const images = new Images(this, "images", { source: props.imageSource, controlCenter });

    this.foundation = new Foundation(this, "foundation", { images, settings });
    const { kafka, schemaRegistry, postgres, cassandra } = this.foundation;
    const { usersCreated, usersProcessed, userStats, deadLetters } = this.foundation;

    this.source =
      settings.source === "embedded"
        ? new RandomUserApi(this, "random-user-api", {
            image: images.randomUserApi,
            memory: memory.randomUserApi,
          })
        : new ExternalUserApi(this, "external-user-api", { url: settings.source });
    this.airflow = new Airflow(this, "airflow", {
      image: images.dags,
      postgres,
      publishedPort: ports.airflow,
      schedule: settings.schedule,
      usersPerRun: settings.usersPerRun,
      stagingRetentionHours: settings.stagingRetentionHours,
      memory: {
        webserver: memory.airflowWebserver,
        scheduler: memory.airflowScheduler,
        dagProcessor: memory.airflowDagProcessor,
      },
    });
    this.producer = new Producer(this, "producer", {
      image: images.producer,
      memory: memory.producer,
    });
    this.spark = new Spark(this, "spark", {
      image: images.spark,
      streamImage: images.stream,
      workers: settings.workers,
      partitions: settings.partitions,
      publishedMasterPort: ports.sparkMaster,
      publishedApplicationPort: ports.sparkApplication,
      memory: { master: memory.sparkMaster, worker: memory.sparkWorker, stream: memory.sparkStream },
      executorHeap: heap.sparkWorker,
    });
    this.sink = new Sink(this, "sink", { image: images.sink, memory: memory.sink });
    this.controlCenter =
      controlCenter === "confluent"
        ? new ConfluentControlCenter(this, "control-center", {
            image: images.controlCenter,
            memory: memory.confluentControlCenter,
            heap: heap.confluentControlCenter,
            publishedPort: ports.controlCenter,
          })
        : new ControlCenter(this, "control-center", {
            image: images.controlCenter,
            memory: memory.controlCenter,
            publishedPort: ports.controlCenter,
          });

    // source of users ─▶ Airflow ─▶ PostgreSQL
    this.source.grantRead(this.airflow);
    this.airflow.addConnection("staging", postgres.grantStage(this.airflow));

    // PostgreSQL ─▶ producer ─▶ users_created
    postgres.grantPublish(this.producer);
    usersCreated.grantWrite(this.producer);

    // users_created ─▶ Spark ─▶ users_processed, user_stats
    usersCreated.grantRead(this.spark);
    usersProcessed.grantWrite(this.spark, { env: "KAFKA_PROCESSED_TOPIC" });
    userStats.grantWrite(this.spark, { env: "KAFKA_STATS_TOPIC" });
    deadLetters.grantWrite(this.spark, { env: "KAFKA_DLQ_TOPIC" });

    // users_processed, user_stats ─▶ sink ─▶ Cassandra
    usersProcessed.grantRead(this.sink);
    userStats.grantRead(this.sink, { env: "KAFKA_STATS_TOPIC" });
    deadLetters.grantWrite(this.sink, { env: "KAFKA_DLQ_TOPIC" });
    cassandra.grantWrite(this.sink);

    // both ends, and what is between them ─▶ reconciliation
    usersCreated.grantRead(this.airflow.reconciliation, { env: "KAFKA_CREATED_TOPIC" });
    usersProcessed.grantRead(this.airflow.reconciliation, { env: "KAFKA_PROCESSED_TOPIC" });
    deadLetters.grantRead(this.airflow.reconciliation, { env: "KAFKA_DLQ_TOPIC" });
    cassandra.grantRead(this.airflow.reconciliation);

    // everything ─▶ Control Center
    kafka.grantInspect(this.controlCenter);
    schemaRegistry.grantInspect(this.controlCenter);
    if (this.controlCenter instanceof ControlCenter) {
      this.controlCenter.addTopics({ usersCreated, usersProcessed, deadLetters });
      this.producer.grantMetrics(this.controlCenter, "PRODUCER_URL");
      this.spark.grantMetrics(this.controlCenter, "STREAM_URL");
      this.sink.grantMetrics(this.controlCenter, "SINK_URL");
    } else {
      kafka.reportMetrics();
    }
  }
  /**
   * Has each app start after the one that reads what it writes. Where services are replaced while the others go on, a
   * field of a new schema is known by whom it reaches before anybody writes it: an older reader leaves it out.
   */
  startReadersFirst(): void {
    this.spark.stream.node.addDependency(this.sink);
    this.producer.workload.node.addDependency(this.spark.stream);
  }
}
