from __future__ import annotations

import json
import threading
import uuid
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from conftest import connect
from sample import another
from user_pipeline.records import Rejection, UserRow, validate
from user_pipeline.staging import NotPublished, Staged, republish, stage, wait_until_published

NOW = datetime(2026, 11, 21, tzinfo=UTC)

Connection = psycopg.Connection


def user(**changes: Any) -> UserRow:
    """A row of a user of its own, or of the one with the given login__uuid."""
    row = validate(another(**changes), NOW)
    assert isinstance(row, UserRow)
    return row


def rejection(**changes: Any) -> Rejection:
    """The rejection of such a record."""
    rejected = validate(another(**changes), NOW)
    assert isinstance(rejected, Rejection)
    return rejected


def counts(staged: Staged) -> tuple[int, int, int, int]:
    return staged.inserted, staged.updated, staged.unchanged, staged.rejected


def stored(connection: Connection, row: UserRow) -> dict[str, Any]:
    with connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        found = cursor.execute("SELECT * FROM staging.users WHERE id = %s", (row.id,)).fetchone()
    connection.rollback()
    return found


def set_aside(connection: Connection, key: str) -> list[tuple]:
    found = connection.execute(
        "SELECT stage, reason, record, rejected_at FROM staging.rejected WHERE key = %s", (key,)
    ).fetchall()
    connection.rollback()
    return found


def test_stores_every_column(connection: Connection):
    row = user()
    assert counts(stage(connection, [row], [])) == (1, 0, 0, 0)
    found = stored(connection, row)
    expected = row._asdict() | {"id": uuid.UUID(row.id), "raw": json.loads(row.raw)}
    assert {name: found[name] for name in expected} == expected
    assert "password" not in found["raw"]["login"]


def test_staging_again_changes_nothing(connection: Connection):
    rows = [user(), user()]
    stage(connection, rows, [])
    before = [stored(connection, row) for row in rows]
    assert counts(stage(connection, rows, [])) == (0, 0, 2, 0)
    assert [stored(connection, row) for row in rows] == before


@pytest.mark.parametrize(
    "changes", [{"phone": "1"}, {"phone": None}, {"dob__date": None}, {"cell": "only in raw"}]
)
def test_a_change_makes_a_new_version(connection: Connection, changes: dict):
    row = user()
    stage(connection, [row], [])
    before = stored(connection, row)
    changed = user(login__uuid=row.id, **changes)
    assert counts(stage(connection, [changed, user()], [])) == (1, 1, 0, 0)
    after = stored(connection, row)
    assert after["version"] > before["version"]
    assert after["staged_at"] == before["staged_at"]
    assert after["phone"] == changed.phone


def test_the_last_of_several_of_one_user_counts(connection: Connection):
    row = user()
    assert counts(stage(connection, [row, user(login__uuid=row.id, phone="2")], [])) == (1, 0, 0, 0)
    assert stored(connection, row)["phone"] == "2"


def test_nothing_to_stage_is_no_error(connection: Connection):
    assert counts(stage(connection, [], [])) == (0, 0, 0, 0)


def test_rejections_are_set_aside_once(connection: Connection):
    rejected = rejection(gender=1)
    assert counts(stage(connection, [user()], [rejected, rejected])) == (1, 0, 0, 2)
    first = set_aside(connection, rejected.key)
    stage(connection, [], [rejected])
    assert set_aside(connection, rejected.key) == first
    ((stage_name, reason, stored_record, _),) = first
    assert (stage_name, reason) == ("fetch", "gender is of type int")
    assert stored_record == json.loads(rejected.record)


def test_another_reason_replaces_the_first(connection: Connection):
    login_uuid = str(uuid.uuid4())
    for changes in ({"gender": 1}, {"nat": 1}):
        stage(connection, [], [rejection(login__uuid=login_uuid, **changes)])
    ((_, reason, *_),) = set_aside(connection, f"fetch|{login_uuid}")
    assert reason == "nat is of type int"


@pytest.mark.parametrize(
    "bad",
    [
        {"phone": "\0"},
        {"phone": "\ud800"},
        {"id": float("inf")},
        {"id": [[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]},
        {"\0": 1},
        {"email": "x" * 2_000_000},
    ],
)
def test_what_cannot_be_stored_can_be_set_aside(connection: Connection, bad: dict):
    rejected = validate({**another(), **bad}, NOW)
    assert isinstance(rejected, Rejection)
    stage(connection, [], [rejected])
    assert len(set_aside(connection, rejected.key)) == 1


def test_a_row_that_postgresql_refuses_does_not_fail_the_others(connection: Connection):
    good = [user() for _ in range(4)]
    bad = user()._replace(dob="no date")
    assert counts(stage(connection, [*good, bad], [])) == (4, 0, 0, 1)
    assert all(stored(connection, row) for row in good) and not stored(connection, bad)
    ((_, reason, stored_record, _),) = set_aside(connection, f"fetch|{bad.id}")
    assert reason == 'PostgreSQL: invalid input syntax for type timestamp with time zone: "no date"'
    assert stored_record["login"]["uuid"] == bad.id


def test_all_or_nothing(connection: Connection):
    row = user()
    impossible = rejection(gender=1)._replace(stage="no such stage")
    with pytest.raises(psycopg.errors.CheckViolation):
        stage(connection, [row], [impossible])
    assert not stored(connection, row)


def test_two_runs_at_once_do_not_deadlock(postgres: dict[str, Any]):
    rows = [user() for _ in range(200)]
    results: list[Staged] = []

    def run(in_order: list[UserRow], phone: str) -> None:
        with connect(postgres, "dags") as own:
            results.append(stage(own, [row._replace(phone=phone) for row in in_order], []))

    threads = [threading.Thread(target=run, args=args) for args in ((rows, "1"), (rows[::-1], "2"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts(result) for result in results) == [(0, 200, 0, 0), (200, 0, 0, 0)]


def test_publishing_again_is_a_new_version_of_the_same_user(connection: Connection):
    rows = [user(), user()]
    stage(connection, rows, [])
    before = stored(connection, rows[0])
    assert republish(connection, [uuid.UUID(row.id) for row in rows] + [uuid.uuid4()]) == 2
    after = stored(connection, rows[0])
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"republished_at", "updated_at", "version"}
    assert after["version"] > before["version"]
    assert counts(stage(connection, rows, [])) == (0, 0, 2, 0)


def test_nobody_to_publish_again_is_no_error(connection: Connection):
    assert republish(connection, []) == 0


def advance(admin: Connection, slot: str) -> None:
    """What the producer does when Kafka has everything."""
    admin.execute("SELECT pg_replication_slot_advance(%s, pg_current_wal_lsn())", (slot,))


def test_a_run_is_confirmed_once_the_slot_is_past_it(connection: Connection, admin: Connection, slot: str):
    staged = stage(connection, [user()], [])
    with pytest.raises(NotPublished):
        wait_until_published(connection, slot, staged.lsn, timeout_seconds=0)
    advance(admin, slot)
    wait_until_published(connection, slot, staged.lsn, timeout_seconds=0)


def test_the_wait_ends_when_the_slot_moves(connection: Connection, admin: Connection, slot: str):
    staged = stage(connection, [user()], [])
    consumer = threading.Timer(0.5, advance, (admin, slot))
    consumer.start()
    wait_until_published(connection, slot, staged.lsn, timeout_seconds=60)
    consumer.join()


def test_a_slot_that_lags_is_explained(connection: Connection, slot: str):
    staged = stage(connection, [user()], [])
    with pytest.raises(
        NotPublished, match=rf"slot {slot} has confirmed .* (bytes|kB) short of .*no consumer is connected"
    ):
        wait_until_published(connection, slot, staged.lsn, timeout_seconds=0)


def test_a_slot_that_is_missing_is_explained(connection: Connection):
    with pytest.raises(NotPublished, match="slot no_such_slot does not exist"):
        wait_until_published(connection, "no_such_slot", "0/1", timeout_seconds=0)
