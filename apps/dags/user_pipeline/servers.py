"""The servers that users pass through, as the reconciliation asks them. Where they are comes from the
environment, as the pipeline's definition grants it.

The drivers are large: import this module where it is needed, not in a DAG's file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile, Session
from cassandra.concurrent import execute_concurrent_with_args
from cassandra.policies import DCAwareRoundRobinPolicy
from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

TIMEOUT_SECONDS = 30
"""The longest wait for one answer."""

IDS_OF_QUERY = 100
"""Users that Cassandra is asked for at once: far fewer requests than one for each, and none that is large."""

CONCURRENT_QUERIES = 8

CLOCKS_DIFFER = timedelta(seconds=1)
"""What is forgiven when a time of Kafka is compared with one of PostgreSQL."""


def connect_postgres() -> psycopg.Connection:
    return psycopg.connect(
        host=os.environ["POSTGRES_HOST"],
        port=os.environ["POSTGRES_PORT"],
        dbname=os.environ["POSTGRES_DB"],
        user=os.environ["POSTGRES_USER"],
        password=_secret("POSTGRES_PASSWORD_FILE"),
        connect_timeout=TIMEOUT_SECONDS,
    )


class StoredUsers:
    """The users in Cassandra."""

    def __init__(self, session: Session, keyspace: str) -> None:
        self._session = session
        self._query = session.prepare(f"SELECT id, version FROM {keyspace}.created_users WHERE id IN ?")

    def versions(self, ids: Sequence[UUID]) -> dict[UUID, int]:
        """The version of each of the users who is there."""
        batches = [(ids[start : start + IDS_OF_QUERY],) for start in range(0, len(ids), IDS_OF_QUERY)]
        results = execute_concurrent_with_args(self._session, self._query, batches, CONCURRENT_QUERIES)
        return {row.id: row.version for _, rows in results for row in rows}


@contextmanager
def connect_cassandra() -> Iterator[StoredUsers]:
    policy = DCAwareRoundRobinPolicy(os.environ["CASSANDRA_DATACENTER"])
    profile = ExecutionProfile(load_balancing_policy=policy, request_timeout=TIMEOUT_SECONDS)
    cluster = Cluster(
        [os.environ["CASSANDRA_HOST"]],
        int(os.environ["CASSANDRA_PORT"]),
        auth_provider=PlainTextAuthProvider(os.environ["CASSANDRA_USER"], _secret("CASSANDRA_PASSWORD_FILE")),
        execution_profiles={EXEC_PROFILE_DEFAULT: profile},
        # Named, so that the driver does not try newer ones first and warn of each.
        protocol_version=5,
        connect_timeout=TIMEOUT_SECONDS,
    )
    with cluster, cluster.connect() as session:
        yield StoredUsers(session, os.environ["CASSANDRA_KEYSPACE"])


class UserTopics:
    """The topics that users pass through. Joins no consumer group and commits nothing."""

    def __init__(self) -> None:
        self._bootstrap_servers = os.environ["KAFKA_BOOTSTRAP_SERVERS"]

    def created(self, users: Collection[UUID], since: datetime) -> dict[UUID, datetime]:
        """When each of the users was last written to users_created. Who was not, since then, is left out."""
        return self._last_written(os.environ["KAFKA_CREATED_TOPIC"], Message.key, users, since)

    def processed(self, users: Collection[UUID], since: datetime) -> dict[UUID, datetime]:
        """When each of the users was last written to users_processed."""
        return self._last_written(os.environ["KAFKA_PROCESSED_TOPIC"], Message.key, users, since)

    def dead_letters(self, users: Collection[UUID], since: datetime) -> dict[UUID, datetime]:
        """When there was last a dead letter of each of the users."""
        return self._last_written(os.environ["KAFKA_DLQ_TOPIC"], _key_of_letter, users, since)

    def _last_written(
        self,
        topic: str,
        key_of: Callable[[Message], bytes | None],
        users: Collection[UUID],
        since: datetime,
    ) -> dict[UUID, datetime]:
        written: dict[UUID, datetime] = {}
        by_key = {str(user).encode(): user for user in users}
        for message in self._messages(topic, since - CLOCKS_DIFFER):
            user = by_key.get(key_of(message) or b"")
            if user is not None:
                _, milliseconds = message.timestamp()
                time = datetime.fromtimestamp(milliseconds / 1000, UTC) + CLOCKS_DIFFER
                written[user] = max(time, written.get(user, time))
        return written

    def _messages(self, topic: str, since: datetime) -> Iterator[Message]:
        """What was written to a topic since then, and until now."""
        consumer = Consumer(
            {
                "bootstrap.servers": self._bootstrap_servers,
                # Must be given; the consumer is assigned its partitions, and so never joins it.
                "group.id": "reconciliation",
                "enable.auto.commit": False,
                "auto.offset.reset": "earliest",
                # KiB read ahead: this runs beside Airflow.
                "queued.max.messages.kbytes": 8192,
                # Failures are raised; the library would write them to the terminal as well.
                "log_level": 0,
            }
        )
        try:
            ends = _ranges(consumer, topic, since)
            consumer.assign(
                [TopicPartition(topic, partition, first) for partition, (first, _) in ends.items()]
            )
            open_ends = {partition: end for partition, (_, end) in ends.items()}
            while open_ends:
                message = consumer.poll(TIMEOUT_SECONDS)
                if message is None:
                    raise TimeoutError(f"nothing more of {topic} within {TIMEOUT_SECONDS} s")
                if message.error():
                    raise KafkaException(message.error())
                if message.offset() + 1 >= open_ends.get(message.partition(), 0):
                    open_ends.pop(message.partition(), None)
                yield message
        finally:
            consumer.close()


def _ranges(consumer: Consumer, topic: str, since: datetime) -> Mapping[int, tuple[int, int]]:
    """The first offset and the end of every partition that has messages since then."""
    partitions = consumer.list_topics(topic, TIMEOUT_SECONDS).topics[topic].partitions
    milliseconds = int(since.timestamp() * 1000)
    asked = [TopicPartition(topic, partition, milliseconds) for partition in partitions]
    found = consumer.offsets_for_times(asked, TIMEOUT_SECONDS)
    ranges = {}
    for start in found:
        _, end = consumer.get_watermark_offsets(start, TIMEOUT_SECONDS)
        # Below 0: no message is so young.
        if 0 <= start.offset < end:
            ranges[start.partition] = (start.offset, end)
    return ranges


def _key_of_letter(letter: Message) -> bytes | None:
    """The key of the message that the dead letter was made of."""
    return dict(letter.headers() or []).get("dlq.key")


def _secret(variable: str) -> str:
    return Path(os.environ[variable]).read_text().strip()
