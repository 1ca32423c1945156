"""Purges users from staging who have been published and have not changed for a set time."""

from __future__ import annotations

from datetime import datetime

from psycopg import Connection

from user_pipeline.staging import wait_until_published

BATCH_ROWS = 10_000
"""Of one transaction."""

PUBLISHED_SECONDS = 30
"""How long the producer may need for what is committed already."""

# Users that the producer has rejected are not published. They are kept until their cause is fixed.
_PURGE = """
DELETE FROM staging.users WHERE id IN (
    SELECT id FROM staging.users
    WHERE updated_at < %(before)s
      AND NOT EXISTS (SELECT FROM staging.rejected WHERE key = 'producer|' || users.id)
    LIMIT %(rows)s
)
"""


def purge(connection: Connection, slot: str, before: datetime) -> int:
    """Deletes published users who last changed before then. Never one who is not published.

    :returns: how many
    :raises NotPublished: when the slot is behind, lost, missing or being recreated
    :raises psycopg.errors.SerializationFailure: when one of them was changed meanwhile: try again
    """
    deleted = 0
    while batch := purge_batch(connection, slot, before):
        deleted += batch
    return deleted


def purge_batch(connection: Connection, slot: str, before: datetime) -> int:
    """One transaction of a purge, which sees what was committed at its beginning and nothing else.

    To go by `updated_at` alone would not do: a transaction that takes long commits rows that are older than
    others, and published later.
    """
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        # The first query decides what is seen. All of that is in the log before this position.
        (lsn,) = connection.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
        wait_until_published(connection, slot, lsn, PUBLISHED_SECONDS)
        return connection.execute(_PURGE, {"before": before, "rows": BATCH_ROWS}).rowcount
