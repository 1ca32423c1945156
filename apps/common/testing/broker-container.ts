import { randomUUID } from "node:crypto";
import execa from "execa";
import { Kafka, logLevel } from "kafkajs";
import { freePort, until } from "./app-process";
import { type TestServices, testServices } from "./services";

/**
 * A Kafka broker of a test's own, to be stopped: of the same image and settings as the test services', in a cluster of its
 * own in their ZooKeeper. The Schema Registry is the test services', and keeps running.
 */
export class BrokerContainer {
  private constructor(
    private readonly name: string,
    /** How to reach it, in the form of the test services. */
    readonly kafka: TestServices["kafka"],
  ) {}

  static async start(): Promise<BrokerContainer> {
    const { containers, label } = testServices();
    const { stdout } = await execa("docker", ["inspect", containers.broker]);
    const [{ Config, NetworkSettings }] = JSON.parse(stdout) as [
      {
        Config: { Image: string; User: string; Env: string[] };
        NetworkSettings: { Networks: Record<string, object> };
      },
    ];
    const [network = ""] = Object.keys(NetworkSettings.Networks);
    const name = `${containers.broker}-${randomUUID().slice(0, 8)}`;
    const port = await freePort();
    const container = new BrokerContainer(name, { bootstrapServers: `localhost:${port}` });
    await execa("docker", [
      ...["run", "--detach", "--name", name, "--label", label, "--user", Config.User],
      ...["--network", network, "--publish", `127.0.0.1:${port}:${port}`],
      ...Config.Env.map((line) => ownSetting(line, name, port)).flatMap((line) => ["--env", line]),
      Config.Image,
    ]);
    try {
      await container.#answers();
    } catch (error) {
      await container.remove();
      throw error;
    }
    return container;
  }

  /** Runs a part of a test while the broker is stopped. Afterwards, also when that part failed, the broker takes requests. */
  async whileStopped(during: () => Promise<void>): Promise<void> {
    await execa("docker", ["stop", "--time", "120", this.name]);
    try {
      await during();
    } finally {
      await execa("docker", ["start", this.name]);
      await this.#answers();
    }
  }

  async remove(): Promise<void> {
    await execa("docker", ["rm", "--force", "--volumes", this.name]);
  }

  async #answers(): Promise<void> {
    await until("the broker takes requests", async () => {
      const brokers = [this.kafka.bootstrapServers];
      const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { retries: 0 } }).admin();
      try {
        await admin.connect();
        const { controller } = await admin.describeCluster();
        // The last to come: consumer groups, whose offsets are read first.
        await admin.describeGroups(["nobody"]);
        return controller !== null;
      } catch {
        return false;
      } finally {
        await admin.disconnect();
      }
    });
  }
}

/** A line of the shared broker's environment as one of its own has it: another cluster, host name and published port. */
function ownSetting(line: string, name: string, port: number): string {
  const [variable = "", ...rest] = line.split("=");
  const value = rest.join("=");
  switch (variable) {
    case "KAFKA_ZOOKEEPER_CONNECT":
      return `${variable}=${value}/${name}`;
    case "KAFKA_LISTENERS":
    case "KAFKA_ADVERTISED_LISTENERS":
      return `${variable}=${value
        .replace(/(PLAINTEXT_HOST:\/\/[^:]*):\d+/, `$1:${port}`)
        .replace("PLAINTEXT://broker:", `PLAINTEXT://${name}:`)}`;
    default:
      return line;
  }
}
