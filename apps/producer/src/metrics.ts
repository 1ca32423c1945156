import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** The producer's own metrics. */
export interface ProducerMetrics {
  published: Counter;
  rejected: Counter;
  rebuilds: Counter;
  republished: Counter;
  batchRows: Histogram;
  publishDelay: Histogram;
}

/**
 * @param slotLag bytes of write-ahead log the slot still holds back, asked at each scrape; the series is left out
 * when it cannot be told
 */
export function producerMetrics(
  registry: Registry,
  slotLag: () => Promise<number | undefined>,
): ProducerMetrics {
  const registers = [registry];
  new Gauge({
    name: "producer_slot_lag_bytes",
    help: "Write-ahead log between what the slot has confirmed and the end",
    registers,
    async collect() {
      const bytes = await slotLag();
      if (bytes === undefined) this.remove();
      else this.set(bytes);
    },
  });
  return {
    published: new Counter({
      name: "producer_rows_published_total",
      help: "Rows acknowledged by Kafka, repeats included",
      registers,
    }),
    rejected: new Counter({
      name: "producer_rows_rejected_total",
      help: "Rows that can never be published, put into staging.rejected",
      registers,
    }),
    rebuilds: new Counter({
      name: "producer_slot_rebuilds_total",
      help: "Times the slot was missing or lost and the whole table was republished",
      registers,
    }),
    republished: new Counter({
      name: "producer_rows_republished_total",
      help: "Rows republished because the slot began after what was recorded as published",
      registers,
    }),
    batchRows: new Histogram({
      name: "producer_batch_rows",
      help: "Rows per send to Kafka",
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
      registers,
    }),
    publishDelay: new Histogram({
      name: "producer_publish_delay_seconds",
      help: "From the commit in PostgreSQL to the acknowledgement of Kafka, per row",
      buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300],
      registers,
    }),
  };
}
