from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from conftest import connect
from own_staging import OwnStaging, insert, own_staging
from user_pipeline import retention
from user_pipeline.retention import purge
from user_pipeline.staging import NotPublished, republish, wait_until_published

OLD = timedelta(hours=3)


@pytest.fixture
def staging(postgres: dict[str, Any]) -> Iterator[OwnStaging]:
    with own_staging(postgres) as own:
        yield own


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody publishes while the test looks: no need to wait."""
    monkeypatch.setattr(retention, "PUBLISHED_SECONDS", 0)


def before() -> datetime:
    return datetime.now(UTC) - timedelta(hours=2)


def test_deletes_published_users_who_are_old_enough(staging: OwnStaging, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retention, "BATCH_ROWS", 2)
    staging.stage(5, OLD)
    young = staging.stage(2, timedelta(hours=1))
    with staging.publishing(), staging.connect() as connection:
        assert purge(connection, staging.slot, before()) == 5
        assert purge(connection, staging.slot, before()) == 0
    assert staging.users() == set(young)


@pytest.mark.usefixtures("at_once")
def test_whom_the_slot_has_not_passed_stays(staging: OwnStaging):
    published = staging.stage(1, OLD)
    staging.publish()
    unpublished = staging.stage(1, OLD)
    with staging.connect() as connection, pytest.raises(NotPublished, match="short of"):
        purge(connection, staging.slot, before())
    assert staging.users() == {*published, *unpublished}


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Has something happen after a purge has seen what there is, and before it deletes."""

    def wait(*args: Any) -> None:
        happens()
        wait_until_published(*args)

    monkeypatch.setattr(retention, "wait_until_published", wait)


def test_a_transaction_that_commits_late_is_not_seen(staging: OwnStaging, monkeypatch: pytest.MonkeyPatch):
    """Its rows are older than those that are purged, and published later."""
    staging.stage(1, OLD)
    with connect(staging.postgres, "postgres") as late:
        late.execute("SET LOCAL session_replication_role = replica")
        unpublished = insert(late, 1, OLD)
        meanwhile(monkeypatch, late.commit)
        with staging.publishing(), staging.connect() as connection:
            assert retention.purge_batch(connection, staging.slot, before()) == 1
    assert staging.users() == set(unpublished)


def test_who_is_changed_meanwhile_stays(staging: OwnStaging, monkeypatch: pytest.MonkeyPatch):
    (user,) = staging.stage(1, OLD)
    with staging.publishing(), staging.connect() as connection, staging.connect() as other:
        meanwhile(monkeypatch, lambda: republish(other, [user]))
        with pytest.raises(psycopg.errors.SerializationFailure):
            purge(connection, staging.slot, before())
    assert staging.users() == {user}


def test_whom_the_producer_has_rejected_stays(staging: OwnStaging):
    rejected, _ = staging.stage(2, OLD)
    staging.reject(rejected)
    with staging.publishing(), staging.connect() as connection:
        assert purge(connection, staging.slot, before()) == 1
    assert staging.users() == {rejected}


@pytest.mark.usefixtures("at_once")
def test_without_a_slot_nothing_is_deleted(staging: OwnStaging):
    users = staging.stage(1, OLD)
    staging.admin.execute("SELECT pg_drop_replication_slot(%s)", (staging.slot,))
    with staging.connect() as connection, pytest.raises(NotPublished, match="does not exist"):
        purge(connection, staging.slot, before())
    assert staging.users() == set(users)


@pytest.mark.usefixtures("at_once")
def test_while_the_slot_is_made_anew_nothing_is_deleted(staging: OwnStaging):
    users = staging.stage(1, OLD)
    staging.admin.execute(
        "SELECT pg_create_logical_replication_slot(%s, 'pgoutput')", (f"{staging.slot}_rebuild",)
    )
    staging.publish()
    with staging.connect() as connection, pytest.raises(NotPublished, match="is being recreated"):
        purge(connection, staging.slot, before())
    assert staging.users() == set(users)
