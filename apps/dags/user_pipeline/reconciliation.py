"""Compares staging with Cassandra, user by user; reports where missing users got lost, and republishes them.

A user is missing who is not in Cassandra, or is there in an older version, although they have not changed for
a while. A stopped stage may be the reason, and the user still waits there. Republishing is harmless even
then: the user arrives twice, and the newest version is kept, in whatever order the versions arrive.

A user who is set aside is reported and not republished, since they would only be set aside again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from psycopg import Connection

from user_pipeline.staging import current_lsn, republish, wait_until_published

GRACE = timedelta(minutes=2)
"""Grace period: a user who changed within it is in flight, and not yet missing."""

MAX_MISSING = 100_000
"""Users dealt with by one run: they are held in memory, about 500 bytes each. The next run takes the next."""

PAGE_ROWS = 5_000

PUBLISHED_SECONDS = 30
"""How long the producer may need for what is committed already."""

_PAGE = """
SELECT id, version, updated_at, republished_at FROM staging.users
WHERE %(after)s::uuid IS NULL OR id > %(after)s ORDER BY id LIMIT %(rows)s
"""

_REJECTED = "SELECT key, rejected_at FROM staging.rejected WHERE key = ANY(%s)"


class User(NamedTuple):
    """What staging knows of a user."""

    id: UUID
    version: int
    updated_at: datetime
    republished_at: datetime | None


class Place(StrEnum):
    """Where a missing user got lost, as people read it."""

    UNPUBLISHED = "not on users_created"
    UNPROCESSED = "on users_created, not on users_processed"
    UNSTORED = "on users_processed, not in Cassandra"
    SET_ASIDE = "set aside"


class Missing(NamedTuple):
    """A user who is missing, and where."""

    user: User
    place: Place


class Comparison(NamedTuple):
    """What staging and Cassandra say."""

    at: datetime
    staged: int
    recent: int
    """Changed within GRACE: not compared."""
    missing: list[User]
    complete: bool
    """False when MAX_MISSING was reached: then there are more, and `staged` counts as far as was compared."""


class Report(NamedTuple):
    """What was found and done, in users."""

    comparison: Comparison
    missing: list[Missing]
    republished: int

    @property
    def lost(self) -> int:
        """How many are missing and not set aside."""
        return sum(place is not Place.SET_ASIDE for _, place in self.missing)


class Stored(Protocol):
    """What is asked of Cassandra: see servers.StoredUsers."""

    def versions(self, ids: list[UUID]) -> Mapping[UUID, int]: ...


class Topics(Protocol):
    """What is asked of Kafka: see servers.UserTopics."""

    def created(self, users: Collection[UUID], since: datetime) -> Mapping[UUID, datetime]: ...
    def processed(self, users: Collection[UUID], since: datetime) -> Mapping[UUID, datetime]: ...
    def dead_letters(self, users: Collection[UUID], since: datetime) -> Mapping[UUID, datetime]: ...


def reconcile(
    connection: Connection, stored: Stored, topics: Topics, slot: str, again_after: timedelta = timedelta()
) -> Report:
    """Compares, locates and republishes.

    :param slot: what it has confirmed is published; what it has not, the producer will publish by itself
    :param again_after: a user who was republished within this time, and is still missing, is skipped
    :raises NotPublished: when the producer is behind: then nothing is compared
    """
    wait_until_published(connection, slot, current_lsn(connection), PUBLISHED_SECONDS)
    comparison = compare(connection, stored)
    missing = locate(connection, topics, comparison.missing)
    republished = republish(
        connection,
        [
            user.id
            for user, place in missing
            if place is not Place.SET_ASIDE
            and (user.republished_at is None or user.republished_at <= comparison.at - again_after)
        ],
    )
    return Report(comparison, missing, republished)


def compare(connection: Connection, stored: Stored) -> Comparison:
    """Compares page by page, so that memory does not grow with the number of users."""
    with connection.transaction():
        (now,) = connection.execute("SELECT clock_timestamp()").fetchone()
    staged = recent = 0
    missing: list[User] = []
    for page in _pages(connection):
        settled = [user for user in page if user.updated_at < now - GRACE]
        versions = stored.versions([user.id for user in settled])
        missing += [user for user in settled if versions.get(user.id, 0) < user.version]
        staged += len(page)
        recent += len(page) - len(settled)
        if len(missing) >= MAX_MISSING:
            return Comparison(now, staged, recent, missing[:MAX_MISSING], complete=False)
    return Comparison(now, staged, recent, missing, complete=True)


def locate(connection: Connection, topics: Topics, users: list[User]) -> list[Missing]:
    """Finds out where each of the missing users got lost. Reads the topics no further back than it has to."""
    if not users:
        return []
    ids = {user.id for user in users}
    since = min(user.updated_at for user in users)
    rejected = _rejected(connection, ids)
    letters = topics.dead_letters(ids, since)
    created = topics.created(ids, since)
    processed = topics.processed(ids, since)
    return [Missing(user, place_of(user, created, processed, letters, rejected)) for user in users]


def place_of(
    user: User,
    created: Mapping[UUID, datetime],
    processed: Mapping[UUID, datetime],
    letters: Mapping[UUID, datetime],
    rejected: Mapping[UUID, datetime],
) -> Place:
    """Where the user's newest version is, by when the user was last written to each place. What was written
    before the user changed is an older version."""

    def holds(written: Mapping[UUID, datetime]) -> bool:
        return user.id in written and written[user.id] >= user.updated_at

    if holds(rejected) or holds(letters):
        return Place.SET_ASIDE
    if holds(processed):
        return Place.UNSTORED
    if holds(created):
        return Place.UNPROCESSED
    return Place.UNPUBLISHED


def _pages(connection: Connection) -> Iterator[list[User]]:
    """All users in the order of their ids. Between pages no transaction is open."""
    after = None
    while True:
        with connection.transaction():
            rows = connection.execute(_PAGE, {"after": after, "rows": PAGE_ROWS}).fetchall()
        if not rows:
            return
        yield [User(*row) for row in rows]
        after = rows[-1][0]


def _rejected(connection: Connection, ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When the producer rejected those of them whom it has rejected."""
    keys = {f"producer|{id}": id for id in ids}
    with connection.transaction():
        found = connection.execute(_REJECTED, (list(keys),)).fetchall()
    return {keys[key]: rejected_at for key, rejected_at in found}
