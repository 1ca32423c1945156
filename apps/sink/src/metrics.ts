import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** 5 ms to 60 s; the goals are a second at the 99th percentile, and to show an outage as such. */
const DELAY_BUCKETS_SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2.5, 5, 10, 30, 60,
];

/** The metrics of the sink. */
export class SinkMetrics {
  readonly stored: Counter<"table">;
  readonly outdated: Counter<"topic">;
  readonly deadLetters: Counter<"class">;
  readonly lag: Gauge<"topic" | "partition">;
  readonly delay: Histogram;
  readonly lastStored: Gauge;

  /** @param inFlight number of records being stored now */
  constructor(registry: Registry, inFlight: () => number) {
    const registers = [registry];
    this.stored = new Counter({
      name: "sink_stored_total",
      help: "Rows Cassandra acknowledged, by table",
      labelNames: ["table"],
      registers,
    });
    this.outdated = new Counter({
      name: "sink_outdated_total",
      help: "Records whose version, or a newer one, was stored already, by topic",
      labelNames: ["topic"],
      registers,
    });
    this.deadLetters = new Counter({
      name: "sink_dead_letters_total",
      help: "Records that can never be stored, by class (decode, validation, invalid)",
      labelNames: ["class"],
      registers,
    });
    this.lag = new Gauge({
      name: "sink_consumer_lag",
      help: "Records in the partition that were not stored yet, as of the last fetch",
      labelNames: ["topic", "partition"],
      registers,
    });
    new Gauge({
      name: "sink_in_flight",
      help: "Records being stored now",
      registers,
      collect() {
        this.set(inFlight());
      },
    });
    this.delay = new Histogram({
      name: "sink_staged_to_stored_seconds",
      help: "From the change of a user in PostgreSQL (its version) to Cassandra's acknowledgement, new versions only",
      buckets: DELAY_BUCKETS_SECONDS,
      registers,
    });
    this.lastStored = new Gauge({
      name: "sink_last_stored_timestamp_seconds",
      help: "When a record was last stored, seconds since the epoch; 0 for not yet",
      registers,
    });
  }
}
