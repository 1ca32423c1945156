/** Where a record is, or was when it was set aside first. */
export interface Place {
  topic: string;
  partition: number | string;
  offset: number | string;
}

/**
 * The key of a record's dead letter: the stage that set it aside, and where the record was. A replayed record carries
 * and keeps the key of its first letter, so that it counts once however often it fails.
 *
 * @param replay the record's header {@link DLQ_HEADERS.replay}, when it has one
 */
export function letterKey(stage: string, place: Place, replay: string | undefined): string {
  // The key of another stage's letter, or nonsense: this is a record of its own.
  const isOurs = new RegExp(`^${stage}\\|[^|]+\\|\\d+\\|\\d+$`).test(replay ?? "");
  return replay !== undefined && isOurs
    ? replay
    : [stage, place.topic, place.partition, place.offset].join("|");
}

/** The place in a {@link letterKey}. */
export function placeOf(key: string): Record<keyof Place, string> {
  const [, topic = "", partition = "", offset = ""] = key.split("|");
  return { topic, partition, offset };
}
