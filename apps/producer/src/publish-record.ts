import { type Logger, pause } from "@pipeline/common";
import type { SlotStream } from "./slot-stream";
import type { PublishedPoint, Staging } from "./staging";

/** How often is looked whether there is something to record, milliseconds. */
const INTERVAL = 5_000;

/** What {@link recordPublished} works with. */
export interface PublishRecordOptions {
  slot: string;
  stream: SlotStream;
  staging: Staging;
  /** How many rows this process has published. */
  published: () => number;
  logger: Logger;
}

/**
 * Records every few seconds how far everything is published, while rows are published. The slot knows it, too, but
 * a person can drop and recreate it under its name. Without new rows nothing is recorded: each record is a change in
 * PostgreSQL that the slot has to pass.
 *
 * @param signal ends it
 */
export async function recordPublished(options: PublishRecordOptions, signal: AbortSignal): Promise<void> {
  const { slot, stream, staging, published, logger } = options;
  let recordedRows = 0;
  let awaited: (PublishedPoint & { rows: number }) | undefined;
  for (;;) {
    try {
      await pause(INTERVAL, signal);
    } catch {
      return;
    }
    try {
      if (awaited === undefined) {
        const rows = published();
        if (rows > recordedRows) awaited = { ...(await staging.presentPoint()), rows };
      } else if (stream.position >= awaited.position) {
        await staging.recordPoint(slot, awaited);
        recordedRows = awaited.rows;
        awaited = undefined;
      }
    } catch (err) {
      logger.debug({ err }, "cannot record how far everything is published, retrying");
    }
  }
}
