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
  /** On a record that was sent again: the key of its letter. */
  replay: "dlq.replay",
  /** On a marker, which has a letter's key and no value: the offset of the letter that was sent again. */
  replayed: "dlq.replayed",
} as const;
