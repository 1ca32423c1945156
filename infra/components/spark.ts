import { Construct } from "constructs";
import { Grantee, Image, Probe, User, Volume, Workload } from "../workload";
import { grantHttp } from "./http-grant";

/** Properties of {@link Spark}. */
export interface SparkProps {
  /** An image with the contract of the official apache/spark:4 and the Kafka and Avro connectors. */
  readonly image: Image;
  /** The same image with the job of apps/stream in /opt/stream. */
  readonly streamImage: Image;
  /** How many workers run. */
  readonly workers: number;
  /** Partitions of the topic that the job reads: each holds a slot for as long as the job runs. */
  readonly partitions: number;
  /** The host's port for the master's web interface. */
  readonly publishedMasterPort: number;
  /** The host's port for the application's web interface. */
  readonly publishedApplicationPort: number;
  /** MiB that each of its containers may use. */
  readonly memory: Readonly<Record<"master" | "worker" | "stream", number>>;
  /** MiB of Java heap for the executor of each worker. */
  readonly executorHeap: number;
}

const SPARK_USER: User = { uid: 185, gid: 185 };
const CHECKPOINTS = "/var/lib/spark/checkpoints";
/** As apps/stream/conf/spark-defaults.conf has them: spark.driver.port and spark.blockManager.port. */
const DRIVER_PORT = 7078;
const BLOCKS_PORT = 7079;
/** Slots for the aggregate query, besides one for each partition of the Real-Time query. */
const AGGREGATE_SLOTS = 2;

/** A Spark standalone cluster and the driver of the streaming job. Their host names begin with its id. */
export class Spark extends Construct implements Grantee {
  readonly master: Workload;
  readonly worker: Workload;
  /** The driver: it runs in a container of its own, not on a worker. */
  readonly stream: Workload;

  constructor(scope: Construct, id: string, props: SparkProps) {
    super(scope, id);
    const master = `${id}-master`;
    const cores = coresPerWorker(props);
    const heap = `${props.executorHeap}m`;
    const sparkClass = ["/opt/spark/bin/spark-class"];
    this.master = new Workload(this, master, {
      image: props.image,
      user: SPARK_USER,
      memory: props.memory.master,
      command: [...sparkClass, "org.apache.spark.deploy.master.Master", "--host", master],
      ports: [
        { name: "cluster", number: 7077 },
        { name: "http", number: 8080, published: props.publishedMasterPort },
      ],
      env: { SPARK_DAEMON_MEMORY: "192m" },
      probe: Probe.http(8080, "/json/"),
    });
    const masterUrl = `spark://${this.master.address("cluster")}`;

    this.worker = new Workload(this, `${id}-worker`, {
      image: props.image,
      user: SPARK_USER,
      memory: props.memory.worker,
      replicas: props.workers,
      command: [
        ...sparkClass,
        "org.apache.spark.deploy.worker.Worker",
        // Logical cores: slots. Any one worker may be lost and the others still hold them all, if there are others.
        ...["--cores", String(cores), "--memory", heap, masterUrl],
      ],
      ports: [
        { name: "http", number: 8081 },
        { name: "blocks", number: BLOCKS_PORT },
      ],
      env: { SPARK_DAEMON_MEMORY: "192m" },
      probe: Probe.http(8081, "/json/"),
    });
    this.worker.connectTo(this.master, "cluster");

    this.stream = new Workload(this, `${id}-stream`, {
      image: props.streamImage,
      user: SPARK_USER,
      memory: props.memory.stream,
      command: ["python3", "/opt/stream/main.py"],
      ports: [
        { name: "application", number: 4040, published: props.publishedApplicationPort },
        { name: "http", number: 8080 },
        { name: "driver", number: DRIVER_PORT },
        { name: "blocks", number: BLOCKS_PORT },
      ],
      env: {
        SPARK_MASTER_URL: masterUrl,
        CHECKPOINT_DIR: CHECKPOINTS,
        // One executor fills one worker.
        EXECUTOR_CORES: String(cores),
        EXECUTOR_MEMORY: heap,
        PORT: "8080",
      },
      probe: Probe.http(8080, "/readyz", { startup: 240, alivePath: "/livez" }),
    });
    this.stream.connectTo(this.master, "cluster");
    // The driver sends executors their tasks and fetches results. They register with it and fetch code and data from it, and
    // from each other.
    this.stream.connectTo(this.worker, "blocks");
    this.worker.connectEarlyTo(this.stream, "driver");
    this.worker.connectEarlyTo(this.stream, "blocks");
    // Executors on the workers read and write the driver's topics.
    this.worker.actFor(this.stream);

    const checkpoints = new Volume(this, `${id}-checkpoints`);
    for (const workload of [this.worker, this.stream]) workload.mount(checkpoints, CHECKPOINTS);
  }

  /** The driver. What it is granted, the executors on the workers use on its behalf. */
  get workloads(): readonly Workload[] {
    return [this.stream];
  }

  /**
   * Lets an app read the metrics of the driver.
   * @param env the environment variable that gets its address
   */
  grantMetrics(grantee: Grantee, env: string): void {
    grantHttp(this.stream, grantee, env);
  }
}

/** (N - 1) workers hold every slot, so that losing one starves nothing; a single worker holds them itself. */
function coresPerWorker({ workers, partitions }: SparkProps): number {
  return Math.ceil((partitions + AGGREGATE_SLOTS) / Math.max(workers - 1, 1));
}
