import { type Logger, Readiness } from "@pipeline/common";

const NAMES = ["postgres", "kafka", "schema-registry"] as const;

/** Whether the producer can work with each thing it depends on. */
export type ProducerReadiness = Readiness<(typeof NAMES)[number]>;

/** Each change is logged, so that an outage is two lines however often we try. */
export function producerReadiness(logger: Logger): ProducerReadiness {
  return new Readiness(NAMES, (dependency, { ok, reason }) => {
    if (ok) logger.info({ dependency }, "connected");
    else logger.warn({ dependency, reason }, "waiting");
  });
}
