"""The comparison on real servers, with a staging database, topics and users of the test's own."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import Cluster, Session
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from own_staging import OwnStaging, own_staging
from user_pipeline import reconciliation, verify
from user_pipeline.reconciliation import Missing, Place, Report, User, place_of, reconcile
from user_pipeline.servers import UserTopics, connect_cassandra
from user_pipeline.staging import NotPublished

TOPIC_VARIABLES = ("KAFKA_CREATED_TOPIC", "KAFKA_PROCESSED_TOPIC", "KAFKA_DLQ_TOPIC")


@pytest.fixture
def staging(
    postgres: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[OwnStaging]:
    with own_staging(postgres) as own:
        password = tmp_path / "postgres-password"
        password.write_text(postgres["users"]["dags"] + "\n")
        monkeypatch.setenv("POSTGRES_HOST", postgres["host"])
        monkeypatch.setenv("POSTGRES_PORT", str(postgres["port"]))
        monkeypatch.setenv("POSTGRES_DB", own.postgres["db"])
        monkeypatch.setenv("POSTGRES_USER", "dags")
        monkeypatch.setenv("POSTGRES_PASSWORD_FILE", str(password))
        monkeypatch.setenv("POSTGRES_SLOT", own.slot)
        yield own


@pytest.fixture
def cassandra(services: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Session]:
    """The sink's session; the environment is that of a role that may read."""
    server = services["cassandra"]
    password = tmp_path / "cassandra-password"
    password.write_text(server["users"]["reader"] + "\n")
    monkeypatch.setenv("CASSANDRA_HOST", server["host"])
    monkeypatch.setenv("CASSANDRA_PORT", str(server["port"]))
    monkeypatch.setenv("CASSANDRA_DATACENTER", server["datacenter"])
    monkeypatch.setenv("CASSANDRA_KEYSPACE", server["keyspace"])
    monkeypatch.setenv("CASSANDRA_USER", "reader")
    monkeypatch.setenv("CASSANDRA_PASSWORD_FILE", str(password))
    login = PlainTextAuthProvider("sink", server["users"]["sink"])
    cluster = Cluster([server["host"]], server["port"], auth_provider=login, protocol_version=5)
    with cluster, cluster.connect(server["keyspace"]) as session:
        yield session


@pytest.fixture
def kafka(services: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Producer]:
    """A producer; the environment names topics of the test's own."""
    servers = {"bootstrap.servers": services["kafka"]["bootstrapServers"]}
    admin = AdminClient(servers)
    topics = {variable: f"dags-{uuid.uuid4()}" for variable in TOPIC_VARIABLES}
    made = admin.create_topics([NewTopic(topic, 3) for topic in topics.values()], operation_timeout=60)
    for future in made.values():
        future.result()
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", servers["bootstrap.servers"])
    for variable, topic in topics.items():
        monkeypatch.setenv(variable, topic)
    yield Producer(servers)
    admin.delete_topics(list(topics.values()))


class Servers:
    """What the servers of the pipeline hold; the test plays the apps between them."""

    def __init__(self, staging: OwnStaging, cassandra: Session, kafka: Producer, topics: list[str]) -> None:
        self.staging = staging
        self.cassandra = cassandra
        self.kafka = kafka
        self.created, self.processed, self.letters = topics

    def store(self, *users: uuid.UUID, version: int = 1) -> None:
        for user in users:
            self.cassandra.execute(
                "INSERT INTO created_users (id, version) VALUES (%s, %s) USING TIMESTAMP %s",
                (user, version, version),
            )

    def write(self, topic: str, *users: uuid.UUID) -> None:
        for user in users:
            self.kafka.produce(topic, key=str(user), value=b"value")
        self.kafka.flush()

    def set_aside(self, *users: uuid.UUID) -> None:
        for user in users:
            self.kafka.produce(
                self.letters,
                key=f"sink|topic|0|{user}",
                value=b"value",
                headers={"dlq.key": str(user).encode()},
            )
        self.kafka.flush()

    def reconcile(self, **options: Any) -> Report:
        with self.staging.publishing(), self.staging.connect() as connection, connect_cassandra() as stored:
            return reconcile(connection, stored, UserTopics(), self.staging.slot, **options)


@pytest.fixture
def servers(
    staging: OwnStaging, cassandra: Session, kafka: Producer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Servers]:
    monkeypatch.setattr(reconciliation, "PAGE_ROWS", 3)
    made = Servers(staging, cassandra, kafka, [os.environ[variable] for variable in TOPIC_VARIABLES])
    yield made
    for user in staging.users():
        cassandra.execute("DELETE FROM created_users WHERE id = %s", (user,))


def places(report: Report) -> dict[uuid.UUID, Place]:
    return {user.id: place for user, place in report.missing}


def test_tells_where_each_got_lost_and_publishes_them_again(servers: Servers):
    stored, unpublished, unprocessed, unstored, letter, rejected, outdated = servers.staging.stage(7)
    recent = servers.staging.stage(2, timedelta(minutes=1))
    servers.store(stored)
    servers.store(outdated, version=0)
    servers.write(servers.created, unprocessed, unstored, letter, outdated)
    servers.write(servers.processed, unstored, outdated)
    servers.set_aside(letter)
    servers.staging.reject(rejected)

    report = servers.reconcile()

    assert places(report) == {
        unpublished: Place.UNPUBLISHED,
        unprocessed: Place.UNPROCESSED,
        unstored: Place.UNSTORED,
        outdated: Place.UNSTORED,
        letter: Place.SET_ASIDE,
        rejected: Place.SET_ASIDE,
    }
    assert (report.comparison.staged, report.comparison.recent) == (9, len(recent))
    assert (report.lost, report.republished) == (4, 4)
    again = {id for (id,) in servers.staging.admin.execute("SELECT id FROM staging.users WHERE version > 1")}
    assert again == {unpublished, unprocessed, unstored, outdated}
    # They are on the way now.
    assert set(places(servers.reconcile())) == {letter, rejected}


def test_nothing_is_missing(servers: Servers):
    servers.store(*servers.staging.stage(5))
    report = servers.reconcile()
    assert (report.lost, report.republished, report.missing) == (0, 0, [])


def test_who_was_published_again_lately_is_not_published_again(servers: Servers):
    (user,) = servers.staging.stage(1)
    with servers.staging.admin.transaction():
        servers.staging.admin.execute("SET LOCAL session_replication_role = replica")
        servers.staging.admin.execute("UPDATE staging.users SET republished_at = updated_at")
    report = servers.reconcile(again_after=timedelta(days=1))
    assert (report.lost, report.republished) == (1, 0)
    assert servers.reconcile(again_after=timedelta(minutes=30)).republished == 1
    assert set(places(report)) == {user}


def test_deals_with_so_many_at_once(servers: Servers, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reconciliation, "MAX_MISSING", 4)
    servers.staging.stage(8)
    first = servers.reconcile()
    assert (first.lost, first.republished, first.comparison.complete) == (4, 4, False)
    assert servers.reconcile().republished == 4
    assert servers.reconcile().comparison.complete


def test_compares_nothing_while_the_producer_is_behind(servers: Servers, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reconciliation, "PUBLISHED_SECONDS", 0)
    servers.staging.stage(1)
    with (
        servers.staging.connect() as connection,
        connect_cassandra() as stored,
        pytest.raises(NotPublished, match="short of"),
    ):
        reconcile(connection, stored, UserTopics(), servers.staging.slot)


def test_verify_shows_what_is_missing_and_then_that_nothing_is(
    servers: Servers, capsys: pytest.CaptureFixture[str]
):
    stored, lost = servers.staging.stage(2)
    servers.store(stored)
    with servers.staging.publishing():
        assert verify.main() == 1
        first = capsys.readouterr().out
        assert verify.main() == 0
    assert first.splitlines() == [
        "Users, by id",
        "  staged in PostgreSQL          2",
        "  in flight                     0  changed within the last 2 minutes, not compared",
        "  published to users_created    1  1 missing",
        "  processed to users_processed  1",
        "  stored in Cassandra           1",
        "  set aside                     0  dead letters, and rows in staging.rejected",
        "  republished                   1",
        "",
        "Not in Cassandra",
        f"  {lost}  not on users_created",
        "",
        "1 missing, 1 republished: run this again in 2 minutes to check that they have arrived.",
    ]
    assert capsys.readouterr().out.endswith("\nNothing is missing.\n")


def test_verify_says_what_does_not_answer(
    servers: Servers, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("CASSANDRA_PORT", "1")
    assert verify.main() == 1
    assert capsys.readouterr().err.startswith("not compared: Cassandra: ")
    monkeypatch.setenv("POSTGRES_PORT", "1")
    assert verify.main() == 1
    assert capsys.readouterr().err.startswith("not compared: PostgreSQL: ")


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("created", Place.UNPROCESSED),
        ("processed", Place.UNSTORED),
        ("letters", Place.SET_ASIDE),
        ("rejected", Place.SET_ASIDE),
    ],
)
def test_what_was_written_before_the_change_is_an_older_version(place: str, expected: Place):
    changed = datetime(2026, 11, 21, tzinfo=UTC)
    user = User(uuid.uuid4(), 2, changed, None)
    places: dict[str, dict] = {"created": {}, "processed": {}, "letters": {}, "rejected": {}}
    before = places | {place: {user.id: changed - timedelta(seconds=1)}}
    after = places | {place: {user.id: changed + timedelta(seconds=1)}}
    assert place_of(user, **before) is Place.UNPUBLISHED
    assert place_of(user, **after) is expected


def test_names_only_some_of_many():
    user = User(uuid.uuid4(), 1, datetime(2026, 11, 21, tzinfo=UTC), None)
    missing = [Missing(user, Place.UNPUBLISHED)] * 1_234
    comparison = reconciliation.Comparison(user.updated_at, 5_000, 0, [], complete=False)
    lines = list(verify.shown(Report(comparison, missing, 1_234)))
    assert lines[-3] == "  and 1,224 more"
    assert lines[-1].startswith("at least 1,234 missing, 1,234 republished")
