"""Dead letters: records that can never be processed, kept as they came, with the reason in their headers."""

from pyspark.sql import Column
from pyspark.sql import functions as F

STAGE = "stream"
REPLAY_HEADER = "dlq.replay"
"""Key of the dead letter, on a record that was replayed."""
OUR_KEY = rf"^{STAGE}\|[^|]+\|\d+\|\d+$"


def undecodable(value: Column, sid: Column, decoded: Column, required: str) -> Column:
    """Why a Kafka value could not be decoded, null when it could.

    Args:
        value: the record's value.
        sid: its `wire_format.schema_id`.
        decoded: what `wire_format.decode` made of it.
        required: a field that no valid record lacks.
    """
    return (
        F.when(value.isNull(), "the record has no value")
        .when(sid.isNull(), "not in the wire format of the Schema Registry")
        .when(decoded.isNull(), "the Schema Registry does not know the schema id")
        .when(decoded[required].isNull(), "the bytes do not fit the schema they name")
    )


def key() -> Column:
    """The key of a dead letter, which makes writing it a second time harmless to readers.

    It names the record's place. A replayed record keeps the key of its first letter; the key of another
    stage's letter does not count.
    """
    replay = F.filter("headers", lambda header: header["key"] == REPLAY_HEADER)
    first = F.get(replay, F.lit(0))["value"].cast("string")
    return F.when(first.rlike(OUR_KEY), first).otherwise(
        F.concat_ws("|", F.lit(STAGE), "topic", "partition", "offset")
    )


def headers(letter: Column, error_class: Column, reason: Column) -> Column:
    """The headers of the dead letter with the key ``letter``; uses the columns ``key`` and ``schema_id``."""

    def place(part: int) -> Column:
        return F.split_part(letter, F.lit("|"), F.lit(part))

    fields = {
        "dlq.stage": F.lit(STAGE),
        "dlq.reason": reason,
        "dlq.error.class": error_class,
        "dlq.topic": place(2),
        "dlq.partition": place(3),
        "dlq.offset": place(4),
        "dlq.key": F.col("key"),
        "dlq.schema.id": F.col("schema_id").cast("string"),
        # current_timestamp() stands still for a whole batch of a real-time query.
        "dlq.time": F.expr("reflect('java.time.Instant', 'now')"),
    }
    present = [
        F.when(value.isNotNull(), F.struct(F.lit(name).alias("key"), value.cast("binary").alias("value")))
        for name, value in fields.items()
    ]
    return F.array_compact(F.array(*present))
