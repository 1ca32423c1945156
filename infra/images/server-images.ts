import { Image } from "../workload";

/** The images of the servers, and those that this project's own images build on. */
export interface ServerImages {
  readonly zookeeper: Image;
  readonly kafka: Image;
  readonly schemaRegistry: Image;
  readonly postgres: Image;
  readonly cassandra: Image;
  readonly airflow: Image;
  readonly spark: Image;
  /** Node.js, the parent of the TypeScript apps. */
  readonly node: Image;
  /** Maven with a JDK 17, which fetches jars while other images are built. */
  readonly maven: Image;
}
