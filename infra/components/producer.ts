import { NodeApp } from "./node-app";

/** The producer app: follows what is staged in PostgreSQL and publishes it to Kafka. */
export class Producer extends NodeApp {}
