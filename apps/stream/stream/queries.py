"""The two streaming queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.streaming import DataStreamWriter, StreamingQuery

from stream import projections, statistics, wire_format
from stream.config import ConfigurationError, Settings
from stream.projections import Output
from stream.wire_format import LARGEST_SCHEMA_ID, Writers

REAL_TIME_INTERVAL = "60 seconds"
"""How often the real-time query notes how far it is, not its latency. A crash repeats up to this much."""
STATISTICS_INTERVAL = "10 seconds"
STATISTICS_SLOTS = 1
"""Slots for the aggregate query, whose tasks are short and can wait for each other, unlike the others."""
STATISTICS_BATCH_RECORDS = 200_000
"""Keeps the batches short, and in bounded memory, when there is much to catch up on."""
SINK_OPTIONS = {
    # Sent at once: the records of a real-time query come one by one.
    "kafka.linger.ms": "0",
    # The topics' own limits count. This one of the producer would stop the query at a dead letter over 1 MB.
    "kafka.max.request.size": str(16 * 1024 * 1024),
}


@dataclass(frozen=True)
class Schemas:
    """The Avro schemas the job was written for, as JSON."""

    created: str
    processed: str
    stats: str

    @staticmethod
    def from_directory(directory: Path) -> "Schemas":
        """Read the .avsc files.

        Raises:
            ConfigurationError: a file cannot be read.
        """
        names = ("user_created", "user_processed", "user_stats")
        try:
            return Schemas(*((directory / f"{name}.avsc").read_text(encoding="utf-8") for name in names))
        except OSError as error:
            raise ConfigurationError(f"SCHEMAS_DIR: {error}") from error


def start_users(
    spark: SparkSession,
    settings: Settings,
    writers: Writers,
    reader: str,
    processed: Output,
    interval: str = REAL_TIME_INTERVAL,
) -> StreamingQuery:
    """Start the real-time query: users cleaned and enriched, and dead letters.

    Needs one free slot for every partition of the source: a partition without one is not read.
    """
    # A replayed dead letter has a header with the key of the letter.
    records = _source(spark, settings, settings.created_topic, {"includeHeaders": "true"})
    rows = projections.process(records, writers, reader, processed, settings.dlq_topic)
    return _sink(rows, settings, "users").trigger(realTime=interval).start()


def start_statistics(
    spark: SparkSession, settings: Settings, writers: Writers, reader: str, stats: Output
) -> StreamingQuery:
    """Start the aggregate query: counts of the users that the real-time query wrote.

    It reads those and not what the real-time query reads: they are decoded, judged and cleaned once,
    and what is counted is what arrives in the database.
    """
    options = {
        "maxOffsetsPerTrigger": str(STATISTICS_BATCH_RECORDS),
        # Records that expired before they were counted must not stop the counting for ever.
        "failOnDataLoss": "false",
    }
    records = _source(spark, settings, settings.processed_topic, options)
    users = statistics.once(projections.countable(records, writers, reader))
    rows = projections.count(users, stats)
    return _sink(rows, settings, "statistics").trigger(processingTime=STATISTICS_INTERVAL).start()


def schema_ids_since(spark: SparkSession, settings: Settings, topic: str, timestamp_ms: int) -> set[int]:
    """The schema ids in the records of a topic published at or after a time (Unix time in milliseconds)."""
    records = (
        spark.read.format("kafka")
        .option("kafka.bootstrap.servers", settings.bootstrap_servers)
        .option("subscribe", topic)
        .option("startingTimestamp", str(timestamp_ms))
        .option("startingOffsetsByTimestampStrategy", "latest")
        .load()
    )
    ids = records.select(wire_format.schema_id(F.col("value")).alias("id")).distinct()
    return {row["id"] for row in ids.where(F.col("id") <= LARGEST_SCHEMA_ID).collect()}


def checkpoint(settings: Settings, name: str) -> Path:
    """Where a query notes how far it is."""
    return Path(settings.checkpoint_dir) / name


def _source(
    spark: SparkSession, settings: Settings, topic: str, options: Mapping[str, str] | None = None
) -> DataFrame:
    return (
        spark.readStream.format("kafka")
        .option("kafka.bootstrap.servers", settings.bootstrap_servers)
        .option("subscribe", topic)
        # Only counts without a checkpoint. `latest` would lose what came before the first batch.
        .option("startingOffsets", "earliest")
        .options(**(options or {}))
        .load()
    )


def _sink(rows: DataFrame, settings: Settings, name: str) -> DataStreamWriter:
    return (
        rows.writeStream.queryName(name)
        .format("kafka")
        .option("kafka.bootstrap.servers", settings.bootstrap_servers)
        .options(**SINK_OPTIONS)
        .option("checkpointLocation", str(checkpoint(settings, name)))
        .outputMode("update")
    )
