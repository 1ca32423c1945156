"""Writes users to the staging schema, and waits until the producer has published them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from psycopg import Connection, Cursor, DataError, IntegrityError

from user_pipeline.records import Rejection, UserRow, reject

STATEMENT_TIMEOUT = "60s"
"""A task's execution time-out cannot interrupt a statement that waits, for a lock say; this can."""

BATCH_ROWS = 1_000
"""Of one round trip; bounds the memory for what the statements return."""

POLL_SECONDS = 0.2

_CHANGING = UserRow._fields[1:]
_OLD = ", ".join(f"users.{column}" for column in _CHANGING)
_NEW = ", ".join(f"excluded.{column}" for column in _CHANGING)

_UPSERT_USERS = f"""
INSERT INTO staging.users ({", ".join(UserRow._fields)}) VALUES ({", ".join(["%s"] * len(UserRow._fields))})
ON CONFLICT (id) DO UPDATE SET ({", ".join(_CHANGING)}) = ROW ({_NEW})
WHERE ({_OLD}) IS DISTINCT FROM ({_NEW})
RETURNING xmax = 0
"""
"""Returns true for a user inserted, false for one updated (an older row is locked), nothing for the same."""

_UPSERT_REJECTED = """
INSERT INTO staging.rejected (key, stage, reason, record) VALUES (%s, %s, %s, %s)
ON CONFLICT (key) DO UPDATE SET reason = excluded.reason, record = excluded.record, rejected_at = now()
WHERE (rejected.reason, rejected.record) IS DISTINCT FROM (excluded.reason, excluded.record)
"""

_REPUBLISH = "UPDATE staging.users SET republished_at = clock_timestamp() WHERE id = %s"

_REBUILDING = "_rebuild"
"""Ends the name of the slot that the producer has while it publishes the whole table for want of its slot."""

_SLOTS = """
SELECT slot_name, confirmed_flush_lsn >= %(lsn)s::pg_lsn, confirmed_flush_lsn, active, wal_status,
       pg_size_pretty(pg_wal_lsn_diff(%(lsn)s::pg_lsn, confirmed_flush_lsn))
FROM pg_replication_slots WHERE slot_name = ANY(%(slots)s)
"""


class Staged(NamedTuple):
    """Outcome of one transaction, in users."""

    inserted: int
    updated: int
    unchanged: int
    """Staged already with the same values."""
    rejected: int
    lsn: str
    """A position in PostgreSQL's log at or after the transaction's commit."""


class NotPublished(Exception):
    """The slot did not come far enough in time. Nothing is lost: what was staged will be published."""


def stage(connection: Connection, users: Iterable[UserRow], rejections: Sequence[Rejection]) -> Staged:
    """Upserts the users and sets the rejected records aside, all in one transaction.

    A user who is staged already with the same values is left alone, so nothing is republished. A row that
    PostgreSQL refuses, though it passed the validation, is set aside too; it does not fail the others.
    """
    # In the order of their ids, so that two runs side by side wait for each other rather than deadlock.
    # Of several of one id the last counts.
    rows = sorted({user.id: user for user in users}.values())
    with connection.transaction():
        connection.execute("SELECT set_config('statement_timeout', %s, true)", (STATEMENT_TIMEOUT,))
        written: list[bool] = []
        refused: list[Rejection] = []
        for start in range(0, len(rows), BATCH_ROWS):
            _upsert(connection, rows[start : start + BATCH_ROWS], written, refused)
        _set_aside(connection, [*rejections, *refused])
    return Staged(
        inserted=written.count(True),
        updated=written.count(False),
        unchanged=len(rows) - len(written) - len(refused),
        rejected=len(rejections) + len(refused),
        lsn=current_lsn(connection),
    )


def republish(connection: Connection, ids: Iterable[UUID]) -> int:
    """Gives each user a new version, so that the producer republishes the user like any other change. The new
    version replaces what is stored of the user.

    :returns: number of republished users; a user who is no longer staged is left out
    """
    # In the order of their ids, as when they are staged: who does both at once waits, and does not deadlock.
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(_REPUBLISH, [(id,) for id in sorted(ids)])
        return cursor.rowcount


def wait_until_published(connection: Connection, slot: str, lsn: str, timeout_seconds: float) -> None:
    """Waits until the slot's consumer has confirmed everything up to `lsn`, which it does once Kafka has it.

    :raises NotPublished: when that takes longer than the time-out; says what state the slot is in
    """
    deadline = time.monotonic() + timeout_seconds
    asked = {"lsn": lsn, "slots": [slot, slot + _REBUILDING]}
    while True:
        with connection.transaction():
            states = {name: state for name, *state in connection.execute(_SLOTS, asked)}
        if slot + _REBUILDING not in states and slot in states and states[slot][0]:
            return
        if time.monotonic() >= deadline:
            raise NotPublished(_explain(slot, lsn, states))
        time.sleep(POLL_SECONDS)


def _explain(slot: str, lsn: str, states: Mapping[str, Sequence]) -> str:
    if slot + _REBUILDING in states:
        return f"replication slot {slot} is being recreated: the producer republishes the whole table first"
    if slot not in states:
        return f"replication slot {slot} does not exist: nothing is published until the producer has made it"
    _, confirmed, active, wal_status, lag = states[slot]
    if wal_status == "lost":
        return (
            f"replication slot {slot} is lost: it held back more log than max_slot_wal_keep_size allows; "
            "once the producer runs, it recreates the slot and republishes the whole table"
        )
    consumer = "its consumer is connected" if active else "no consumer is connected: is the producer running?"
    return (
        f"replication slot {slot} has confirmed {confirmed}, {lag} short of this run's {lsn} "
        f"(wal_status {wal_status}); {consumer}"
    )


def _upsert(
    connection: Connection, rows: list[UserRow], written: list[bool], refused: list[Rejection]
) -> None:
    """Adds true to `written` for each user inserted, false for each one updated.

    Adds to `refused` the rejections of rows that PostgreSQL does not take, which it finds by halves.
    """
    try:
        with connection.transaction(), connection.cursor() as cursor:
            cursor.executemany(_UPSERT_USERS, rows, returning=True)
            results = _all_results(cursor)
    except (DataError, IntegrityError) as error:
        if len(rows) == 1:
            # Without the rest of the message, which quotes the row.
            reason = f"PostgreSQL: {error.diag.message_primary or type(error).__name__}"
            refused.append(reject(json.loads(rows[0].raw), reason))
            return
        half = len(rows) // 2
        _upsert(connection, rows[:half], written, refused)
        _upsert(connection, rows[half:], written, refused)
        return
    written += results


def _set_aside(connection: Connection, rejections: Sequence[Rejection]) -> None:
    rows = sorted({rejection.key: rejection for rejection in rejections}.values())
    with connection.cursor() as cursor:
        cursor.executemany(_UPSERT_REJECTED, rows)


def _all_results(cursor: Cursor) -> list[bool]:
    """What the upserts returned; those that changed nothing returned nothing."""
    values = [value for (value,) in cursor.fetchall()]
    while cursor.nextset():
        values += [value for (value,) in cursor.fetchall()]
    return values


def current_lsn(connection: Connection) -> str:
    """A position in PostgreSQL's log at or after the end of every transaction that was committed before."""
    with connection.transaction():
        (lsn,) = connection.execute("SELECT pg_current_wal_lsn()").fetchone()
    return lsn
