"""`python3 -m user_pipeline.verify` compares staging with Cassandra, republishes missing users
and reports them.

Exit code 0 if no user is missing, 1 if a user was missing or the comparison failed.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator

import psycopg
from cassandra import DriverException, OperationTimedOut
from cassandra.cluster import NoHostAvailable
from confluent_kafka import KafkaException

from user_pipeline.reconciliation import GRACE, Place, Report, reconcile
from user_pipeline.servers import UserTopics, connect_cassandra, connect_postgres
from user_pipeline.staging import NotPublished

EXAMPLES = 10
"""Maximum number of missing users that the report names."""

MINUTES = int(GRACE.total_seconds() // 60)


def main() -> int:
    try:
        with connect_postgres() as connection, connect_cassandra() as stored:
            report = reconcile(connection, stored, UserTopics(), os.environ["POSTGRES_SLOT"])
    except NotPublished as error:
        return _failed(error)
    except psycopg.Error as error:
        return _failed(f"PostgreSQL: {error}")
    except (NoHostAvailable, OperationTimedOut, DriverException) as error:
        return _failed(f"Cassandra: {error}")
    except (KafkaException, TimeoutError) as error:
        return _failed(f"Kafka: {error}")
    print("\n".join(shown(report)))
    return 1 if report.lost else 0


def shown(report: Report) -> Iterator[str]:
    """Formats the report."""
    at = Counter(place for _, place in report.missing)
    comparison = report.comparison
    stored = comparison.staged - comparison.recent - len(report.missing)
    processed = stored + at[Place.UNSTORED]
    created = processed + at[Place.UNPROCESSED]
    yield "Users, by id"
    yield from _table(
        [
            ("staged in PostgreSQL", comparison.staged, ""),
            ("in flight", comparison.recent, f"changed within the last {MINUTES} minutes, not compared"),
            ("published to users_created", created, _missing(at[Place.UNPUBLISHED])),
            ("processed to users_processed", processed, _missing(at[Place.UNPROCESSED])),
            ("stored in Cassandra", stored, _missing(at[Place.UNSTORED])),
            ("set aside", at[Place.SET_ASIDE], "dead letters, and rows in staging.rejected"),
            ("republished", report.republished, ""),
        ]
    )
    if report.missing:
        yield "\nNot in Cassandra"
        yield from (f"  {user.id}  {place}" for user, place in report.missing[:EXAMPLES])
        if len(report.missing) > EXAMPLES:
            yield f"  and {len(report.missing) - EXAMPLES:,} more"
    yield ""
    yield _conclusion(report)


def _conclusion(report: Report) -> str:
    if not report.lost:
        return "Nothing is missing."
    more = "" if report.comparison.complete else "at least "
    return (
        f"{more}{report.lost:,} missing, {report.republished:,} republished: "
        f"run this again in {MINUTES} minutes to check that they have arrived."
    )


def _missing(count: int) -> str:
    return f"{count:,} missing" if count else ""


def _table(rows: list[tuple[str, int, str]]) -> Iterator[str]:
    label = max(len(row[0]) for row in rows)
    number = max(len(f"{row[1]:,}") for row in rows)
    for name, count, remark in rows:
        yield f"  {name:<{label}}  {count:>{number},}  {remark}".rstrip()


def _failed(reason: object) -> int:
    print(f"not compared: {str(reason).strip()}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
