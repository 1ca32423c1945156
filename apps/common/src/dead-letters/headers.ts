/** The headers of the topic of dead letters, which the sink and the stream job write alike. */
export const DLQ_HEADERS = {
  /** Who set the record aside. */
  stage: "dlq.stage",
  reason: "dlq.reason",
  errorClass: "dlq.error.class",
  /** Where the record was. */
  topic: "dlq.topic",
  partition: "dlq.partition",
  offset: "dlq.offset",
  /** Its key, as it was. */
  key: "dlq.key",
  schemaId: "dlq.schema.id",
  time: "dlq.time",
  /** Key of the letter, on a record that was replayed. */
  replay: "dlq.replay",
  /** Offset of the replayed letter, on a marker. A marker has the letter's key and no value. */
  replayed: "dlq.replayed",
} as const;
