import { join } from "node:path";
import { Construct } from "constructs";
import { BuiltImage, Image } from "../workload";
import { ServerImages } from "./server-images";

/** Made by tools/airgap, or the official images under a name that does not depend on where they came from. */
const DEBIAN = "realtime-data-pipeline/debian:bookworm";
const DEBIAN_TRIXIE = "realtime-data-pipeline/debian:trixie";

/**
 * Images built from Debian, PyPI, npm and Maven Central packages, each from its directory here. They honour the official
 * images' contracts, so that no component asks which ones run.
 */
export function packagedImages(scope: Construct): ServerImages {
  const build = (name: string, parents: Record<string, Image | string>): Image =>
    new BuiltImage(scope, name, { directory: join(__dirname, name), parents });
  const base = build("base", { DEBIAN });
  const java = build("java", { BASE: base });
  const maven = build("maven", { JAVA: java });
  const python = build("python", { BASE: base });
  // One image serves both: both come from Apache Kafka.
  const kafka = build("kafka", { JAVA: java, MAVEN: maven });
  return {
    zookeeper: kafka,
    kafka,
    schemaRegistry: build("schema-registry", { JAVA: java, MAVEN: maven }),
    postgres: build("postgres", { DEBIAN_TRIXIE }),
    cassandra: build("cassandra", { JAVA: java, MAVEN: maven }),
    airflow: build("airflow", { PYTHON: python }),
    spark: build("spark", { JAVA: java }),
    node: build("node", { BASE: base, PYTHON: python }),
    maven,
  };
}
