import { Construct } from "constructs";
import { Image, PulledImage } from "../workload";
import { ServerImages } from "./server-images";
import { ControlCenterKind } from "./source";

/** Confluent's Control Center. */
export function confluentControlCenterImage(scope: Construct): Image {
  return new PulledImage(scope, "control-center", {
    reference: "confluentinc/cp-enterprise-control-center:7.9.2",
  });
}

/** The official images, pinned: the same major versions as those that are built from packages. */
export function officialImages(scope: Construct, controlCenter: ControlCenterKind): ServerImages {
  const pull = (id: string, reference: string): Image => new PulledImage(scope, id, { reference });
  // Confluent's Control Center shows what only cp-server reports; cp-kafka is lighter.
  const broker = controlCenter === "confluent" ? "cp-server" : "cp-kafka";
  return {
    // Confluent Platform 7.9 is Apache Kafka 3.9, the last line with ZooKeeper.
    zookeeper: pull("zookeeper", "confluentinc/cp-zookeeper:7.9.2"),
    kafka: pull("kafka", `confluentinc/${broker}:7.9.2`),
    schemaRegistry: pull("schema-registry", "confluentinc/cp-schema-registry:7.9.2"),
    postgres: pull("postgres", "postgres:17.6-bookworm"),
    cassandra: pull("cassandra", "cassandra:5.0.5"),
    airflow: pull("airflow", "apache/airflow:3.3.2-python3.12"),
    spark: pull("spark", "apache/spark:4.2.0-scala2.13-java17-python3-ubuntu"),
    node: pull("node", "node:22.20.0-bookworm-slim"),
    maven: pull("maven", "maven:3.9.11-eclipse-temurin-17"),
  };
}
