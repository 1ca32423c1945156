import { NodeApp } from "./node-app";

/** The sink app: stores what Spark has processed in Cassandra. */
export class Sink extends NodeApp {}
