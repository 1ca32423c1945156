"""What the two queries do to records of Kafka: DataFrame in, DataFrame out, in batch and streaming alike."""

from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from stream import dead_letters, statistics, users, wire_format
from stream.wire_format import Writers

REQUIRED_FIELD = "id"


@dataclass(frozen=True)
class Output:
    """A topic and how to write to it."""

    topic: str
    schema_id: int
    """Id of `schema` in the registry."""
    schema: str
    """Avro schema of the values, as JSON."""
    largest_value: int
    """Greatest size of a value that the topic takes, in bytes."""


def process(
    records: DataFrame, writers: Writers, reader: str, processed: Output, dlq_topic: str
) -> DataFrame:
    """Users cleaned, enriched and addressed to ``processed.topic``; to ``dlq_topic`` what can never be.

    Args:
        records: columns of the Kafka source with headers, values of ``UserCreated`` in the wire format.
        writers: schemas the values may be written with.
        reader: the ``UserCreated`` schema to read them as.

    Returns:
        Columns topic, key, value, headers for the Kafka sink: exactly one row for every record.
    """
    decoded = _decode(records, writers, reader)
    user, value = F.col("user"), F.col("value")

    # One step per projection: what several expressions use is a step of its own and evaluated once.
    cleaned = decoded.withColumn(
        "undecodable", dead_letters.undecodable(value, F.col("schema_id"), user, REQUIRED_FIELD)
    ).withColumn("user", F.struct(*_named(users.cleaned(user))))
    enriched = cleaned.withColumn("invalid", users.invalid(user, F.col("key"))).withColumn(
        "user", F.struct(F.col("user.*"), *_named(users.enriched(user)))
    )
    usable = F.col("undecodable").isNull() & F.col("invalid").isNull()
    encoded = enriched.withColumn(
        "encoded", F.when(usable, wire_format.encode(user, processed.schema_id, processed.schema))
    )
    too_large = F.when(
        F.length("encoded") > processed.largest_value,
        f"larger than {processed.topic} takes ({processed.largest_value} bytes)",
    )
    judged = encoded.withColumn("reason", F.coalesce("undecodable", "invalid", too_large))
    dead = F.col("reason").isNotNull()
    addressed = judged.withColumn("letter", F.when(dead, dead_letters.key()))
    error_class = F.when(F.col("undecodable").isNotNull(), "decode").otherwise("validation")
    return addressed.select(
        F.when(dead, dlq_topic).otherwise(processed.topic).alias("topic"),
        F.when(dead, F.col("letter").cast("binary")).otherwise(F.col("key")).alias("key"),
        F.when(dead, value).otherwise(F.col("encoded")).alias("value"),
        F.when(dead, dead_letters.headers(F.col("letter"), error_class, F.col("reason"))).alias("headers"),
    )


def countable(records: DataFrame, writers: Writers, reader: str) -> DataFrame:
    """Processed users that can be counted; leaves out what cannot be read or is too far ahead of its record.

    Args:
        records: columns of the Kafka source, values of ``UserProcessed`` in the wire format.
        writers: schemas the values may be written with.
        reader: the ``UserProcessed`` schema to read them as.

    Returns:
        The fields of ``UserProcessed``.
    """
    readable = F.col("user")[REQUIRED_FIELD].isNotNull()
    users = _decode(records, writers, reader).where(readable).select("user.*", "timestamp")
    return statistics.on_time(users).drop("timestamp")


def count(users: DataFrame, stats: Output) -> DataFrame:
    """`statistics.counts` addressed to ``stats.topic``: columns topic, key, value for the Kafka sink."""
    return statistics.counts(users).select(
        F.lit(stats.topic).alias("topic"),
        statistics.key().alias("key"),
        wire_format.encode(F.struct("*"), stats.schema_id, stats.schema).alias("value"),
    )


def _decode(records: DataFrame, writers: Writers, reader: str) -> DataFrame:
    """The records with the columns ``schema_id`` and ``user``."""
    return records.withColumn("schema_id", wire_format.schema_id(F.col("value"))).withColumn(
        "user", wire_format.decode(F.col("value"), F.col("schema_id"), F.col("timestamp"), writers, reader)
    )


def _named(columns: dict) -> list:
    """Columns under their names."""
    return [column.alias(name) for name, column in columns.items()]
