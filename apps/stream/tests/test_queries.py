"""The queries on real Kafka."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from pyspark.sql import SparkSession
from pyspark.sql.streaming import StreamingQuery

from records import STAGED_AT, unwire, user, wire
from servers import Pipeline, eventually, keys
from stream import queries
from stream.config import Settings
from stream.projections import Output
from stream.queries import Schemas
from stream.statistics import AHEAD_METRIC
from stream.wire_format import Writers

CREATED, PROCESSED, STATS = 11, 12, 13
SHORTEST_INTERVAL = "5 seconds"


class Job:
    """The two queries on the topics of a test, with schema ids made up here."""

    def __init__(self, spark: SparkSession, pipeline: Pipeline, schemas: Schemas, directory: Path) -> None:
        self._spark = spark
        self._schemas = schemas
        self._settings = Settings.from_env(
            {
                "KAFKA_BOOTSTRAP_SERVERS": pipeline.bootstrap_servers,
                "SCHEMA_REGISTRY_URL": pipeline.registry_url,
                "KAFKA_TOPIC": pipeline.created,
                "KAFKA_PROCESSED_TOPIC": pipeline.processed,
                "KAFKA_STATS_TOPIC": pipeline.stats,
                "KAFKA_DLQ_TOPIC": pipeline.dlq,
                "CHECKPOINT_DIR": str(directory),
            }
        )

    def start_users(self) -> StreamingQuery:
        output = Output(self._settings.processed_topic, PROCESSED, self._schemas.processed, 1_000_000)
        writers = Writers({CREATED: self._schemas.created})
        return queries.start_users(
            self._spark, self._settings, writers, self._schemas.created, output, SHORTEST_INTERVAL
        )

    def start_statistics(self) -> StreamingQuery:
        output = Output(self._settings.stats_topic, STATS, self._schemas.stats, 1_000_000)
        writers = Writers({PROCESSED: self._schemas.processed})
        return queries.start_statistics(self._spark, self._settings, writers, self._schemas.processed, output)

    def stop(self, query: StreamingQuery) -> None:
        """Stop a query and wait for its tasks, which Spark does not: they may write meanwhile."""
        query.stop()
        scheduler = self._spark.sparkContext._jsc.sc().taskScheduler()
        eventually(
            "its tasks to end",
            lambda: scheduler.runningTasksByExecutors().toString() == "Map(driver -> 0)",
        )

    def schema_ids_since(self, timestamp_ms: int) -> set[int]:
        return queries.schema_ids_since(
            self._spark, self._settings, self._settings.created_topic, timestamp_ms
        )


@pytest.fixture
def job(spark: SparkSession, pipeline: Pipeline, schemas: Schemas, tmp_path: Path) -> Iterator[Job]:
    pipeline.create_topics()
    yield Job(spark, pipeline, schemas, tmp_path)
    for query in spark.streams.active:
        query.stop()


def created(schemas: Schemas, number: int) -> dict[str, bytes]:
    """So many users in the wire format by id."""
    ids = [str(uuid4()) for _ in range(number)]
    return {one: wire(CREATED, schemas.created, user(id=one)) for one in ids}


def test_every_record_comes_out_once_and_a_restart_goes_on_where_the_query_was(
    job: Job, pipeline: Pipeline, schemas: Schemas
):
    before, after = created(schemas, 200), created(schemas, 50)
    # Larger than topics take by default, and larger still with its headers.
    damaged = [(str(uuid4()), b"\x01" + bytes([number]) * 2_000_000) for number in range(3)]
    pipeline.send(pipeline.created, [*before.items(), *damaged])

    query = job.start_users()
    first = pipeline.read_until(pipeline.processed, lambda messages: len(messages) >= len(before))
    dead = pipeline.read_until(pipeline.dlq, lambda messages: len(messages) >= len(damaged))
    eventually(
        "the batch to be noted",
        lambda: query.lastProgress and sum(batch.numInputRows for batch in query.recentProgress) >= 203,
    )
    job.stop(query)
    assert Counter(keys(first)) == dict.fromkeys(before, 1)
    assert {message.value() for message in dead} == {value for _, value in damaged}
    headers = [dict(message.headers()) for message in dead]
    assert {header["dlq.key"].decode() for header in headers} == {key for key, _ in damaged}
    assert {message.key().decode() for message in dead} == {
        f"stream|{pipeline.created}|{header['dlq.partition'].decode()}|{header['dlq.offset'].decode()}"
        for header in headers
    }

    pipeline.send(pipeline.created, list(after.items()))
    job.start_users()
    everything = pipeline.read_until(pipeline.processed, lambda messages: len(messages) >= 250)
    assert Counter(keys(everything)) == dict.fromkeys(before | after, 1)
    schema_id, record = unwire(schemas.processed, everything[0].value())
    assert (schema_id, record["full_name"]) == (PROCESSED, "Ada Lovelace")


def test_what_was_sent_again_keeps_the_key_of_its_letter(job: Job, pipeline: Pipeline):
    pipeline.send(pipeline.created, [("a", b"?")])
    job.start_users()
    (letter,) = pipeline.read_until(pipeline.dlq, bool)
    pipeline.send(pipeline.created, [("a", letter.value())], {"dlq.replay": letter.key()})
    pipeline.send(pipeline.created, [("b", None)], {"dlq.replay": b"sink|elsewhere|0|7"})
    _, again, other = pipeline.read_until(pipeline.dlq, lambda messages: len(messages) >= 3)
    place = [f"dlq.{part}" for part in ("topic", "partition", "offset")]
    assert again.key() == letter.key()
    assert [dict(again.headers())[name] for name in place] == [dict(letter.headers())[name] for name in place]
    assert other.key().startswith(f"stream|{pipeline.created}|".encode())


def test_a_query_killed_in_the_middle_of_a_batch_repeats_it_and_loses_nothing(
    job: Job, pipeline: Pipeline, schemas: Schemas
):
    users = created(schemas, 100)
    pipeline.send(pipeline.created, list(users.items()))
    query = job.start_users()
    pipeline.read_until(pipeline.processed, bool)
    job.stop(query)
    job.start_users()
    everything = pipeline.read_until(pipeline.processed, lambda messages: set(keys(messages)) == users.keys())
    assert max(Counter(keys(everything)).values()) <= 2


def processed(**fields: object) -> dict:
    """A valid ``UserProcessed`` with an id of its own."""
    return {**user(id=str(uuid4())), "country_code": "GB", **fields}


class Statistics:
    """The topics on both sides of the aggregate query."""

    def __init__(self, pipeline: Pipeline, schemas: Schemas) -> None:
        self._pipeline, self._schemas = pipeline, schemas

    def send(self, *users: dict) -> None:
        records = [(one["id"], wire(PROCESSED, self._schemas.processed, one)) for one in users]
        self._pipeline.send(self._pipeline.processed, records)

    def latest(self) -> dict[str, int]:
        """The newest count of each key."""
        messages = self._pipeline.read(self._pipeline.stats)
        return {
            message.key().decode(): unwire(self._schemas.stats, message.value())[1]["count"]
            for message in messages
        }


@pytest.fixture
def statistics(pipeline: Pipeline, schemas: Schemas) -> Statistics:
    return Statistics(pipeline, schemas)


def test_statistics_count_a_user_once_across_batches_and_restarts(job: Job, statistics: Statistics):
    first, second, third = processed(), processed(), processed(gender="male")
    female, male = "2026-11-21T10:20Z|GB|female", "2026-11-21T10:20Z|GB|male"
    statistics.send(first, first, second)
    query = job.start_statistics()
    eventually("the first count", lambda: statistics.latest() == {female: 2})
    # A repetition, and a change of a user that was counted: neither is one more user.
    statistics.send(second, {**first, "version": first["version"] + 1, "gender": "male"}, third)
    eventually("the second count", lambda: statistics.latest() == {female: 2, male: 1})
    query.stop()
    job.start_statistics()
    statistics.send(third, second, processed(staged_at=STAGED_AT + timedelta(minutes=1)))
    eventually("the third count", lambda: len(statistics.latest()) == 3)
    assert statistics.latest() == {female: 2, male: 1, "2026-11-21T10:21Z|GB|female": 1}


def test_a_clock_that_was_ahead_makes_nobody_late(job: Job, statistics: Statistics):
    now = datetime.now(UTC)
    statistics.send(processed(staged_at=now))
    query = job.start_statistics()
    eventually("the first count", lambda: sum(statistics.latest().values()) == 1)
    statistics.send(*(processed(staged_at=now + timedelta(hours=hours)) for hours in (2, 23)))

    def ahead() -> int:
        return sum(batch.observedMetrics[AHEAD_METRIC]["users"] for batch in query.recentProgress)

    eventually("the users ahead to be left out", lambda: ahead() == 2)
    statistics.send(processed(staged_at=now))
    eventually("the count of a right clock", lambda: sum(statistics.latest().values()) == 2)
    dropped = [
        operator.numRowsDroppedByWatermark
        for batch in query.recentProgress
        for operator in batch.stateOperators
    ]
    assert sum(dropped) == 0


def test_schema_ids_that_came_since_a_time(job: Job, pipeline: Pipeline, schemas: Schemas):
    value = wire(CREATED, schemas.created, user())
    pipeline.send(pipeline.created, [("a", value), ("b", b"\x00\x00\x00\x00\x63x"), ("c", b"?"), ("d", None)])
    pipeline.send(pipeline.created, [("e", b"\x00\xff\xff\xff\xffx")])
    last = max(message.timestamp()[1] for message in pipeline.read(pipeline.created))
    assert job.schema_ids_since(0) == {CREATED, 0x63}
    assert job.schema_ids_since(last + 1) == set()
