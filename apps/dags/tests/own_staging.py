"""A staging database of a test's own, for what is asked of the whole table."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg

from conftest import REPOSITORY, connect

STAGING_SQL = REPOSITORY / "apps" / "setup" / "sql" / "staging.sql"


class OwnStaging:
    """The database, its slot, and connections to it."""

    def __init__(self, postgres: dict[str, Any], admin: psycopg.Connection, slot: str) -> None:
        self.postgres = postgres
        self.slot = slot
        self.admin = admin

    def connect(self) -> psycopg.Connection:
        """A connection with the rights the DAGs have."""
        return connect(self.postgres, "dags")

    def stage(self, count: int = 1, age: timedelta = timedelta(hours=1)) -> list[uuid.UUID]:
        """Stages users who last changed so long ago; the trigger that would not have it is off meanwhile."""
        with self.admin.transaction():
            self.admin.execute("SET LOCAL session_replication_role = replica")
            return insert(self.admin, count, age)

    def publish(self) -> None:
        """What the producer does when Kafka has everything."""
        self.admin.execute("SELECT pg_replication_slot_advance(%s, pg_current_wal_lsn())", (self.slot,))

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """A producer whose Kafka is there, for as long as this lasts."""
        stop = threading.Event()

        def publish() -> None:
            with connect(self.postgres, "postgres") as own:
                own.autocommit = True
                while not stop.wait(0.1):
                    own.execute("SELECT pg_replication_slot_advance(%s, pg_current_wal_lsn())", (self.slot,))

        thread = threading.Thread(target=publish)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def reject(self, user: uuid.UUID) -> None:
        """What the producer does with a row that can never be published."""
        self.admin.execute(
            "INSERT INTO staging.rejected (key, stage, reason) VALUES (%s, 'producer', 'test')",
            (f"producer|{user}",),
        )

    def users(self) -> set[uuid.UUID]:
        return {id for (id,) in self.admin.execute("SELECT id FROM staging.users")}


def insert(connection: psycopg.Connection, count: int, age: timedelta) -> list[uuid.UUID]:
    """Inserts users whose version and time of change are those given, where the trigger is off."""
    rows = connection.execute(
        """
        INSERT INTO staging.users (id, raw, version, updated_at)
        SELECT gen_random_uuid(), '{}', 1, clock_timestamp() - %s FROM generate_series(1, %s) RETURNING id
        """,
        (age, count),
    )
    return [id for (id,) in rows]


@contextmanager
def own_staging(postgres: dict[str, Any]) -> Iterator[OwnStaging]:
    name = f"dags_{uuid.uuid4().hex[:8]}"
    with connect(postgres, "postgres") as server:
        server.autocommit = True
        server.execute(f"CREATE DATABASE {name}")
        own = postgres | {"db": name}
        try:
            with connect(own, "postgres") as admin:
                admin.autocommit = True
                admin.execute(STAGING_SQL.read_text())
                admin.execute("SELECT pg_create_logical_replication_slot(%s, 'pgoutput')", (name,))
                yield OwnStaging(own, admin, name)
        finally:
            server.execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = %s",
                (name,),
            )
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
