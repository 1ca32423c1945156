import { Construct } from "constructs";
import { Image, PulledImage } from "../workload";
import { ServerImages } from "./server-images";

/** The official images, pinned: the same major versions as those that are built from packages. */
export function officialImages(scope: Construct): ServerImages {
  const pull = (id: string, reference: string): Image => new PulledImage(scope, id, { reference });
  return {
    // Confluent Platform 7.9 is Apache Kafka 3.9, the last line with ZooKeeper.
    zookeeper: pull("zookeeper", "confluentinc/cp-zookeeper:7.9.2"),
    kafka: pull("kafka", "confluentinc/cp-kafka:7.9.2"),
    schemaRegistry: pull("schema-registry", "confluentinc/cp-schema-registry:7.9.2"),
    postgres: pull("postgres", "postgres:17.6-bookworm"),
    cassandra: pull("cassandra", "cassandra:5.0.5"),
    airflow: pull("airflow", "apache/airflow:3.3.2-python3.12"),
    spark: pull("spark", "apache/spark:4.2.0-scala2.13-java17-python3-ubuntu"),
    node: pull("node", "node:22.20.0-bookworm-slim"),
    maven: pull("maven", "maven:3.9.11-eclipse-temurin-17"),
  };
}
