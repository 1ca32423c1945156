"""Compares staging with Cassandra, user by user, republishes missing users, and purges old users from staging.

| task | what it does |
|---|---|
| `reconcile` | compares, and logs where missing users got lost and which were republished |
| `purge` | deletes published users who have not changed for `stagingRetentionHours`; skipped when that is 0, or when users are missing |

`make verify` compares at once and shows the result.
"""  # noqa: E501 (Airflow shows this text, with its table, in its UI)

from __future__ import annotations

import logging
import os
from datetime import datetime, timedelta

from airflow.sdk import dag, task

# What only the tasks need is imported by them: the DAG processor reads this file again and again.

log = logging.getLogger(__name__)

CONNECTION_ID = "staging"
SLOT = os.environ.get("POSTGRES_SLOT", "users_created")
RETENTION_HOURS = int(os.environ.get("STAGING_RETENTION_HOURS", "0"))

AGAIN_AFTER = timedelta(days=1)
"""A user who stays missing is republished once a day: hourly repeats would pile up in an outage."""


# One task compares and republishes: two tasks would pass ids through Airflow's metadata database.
@task(execution_timeout=timedelta(minutes=45))
def reconcile() -> dict[str, int | str]:
    """Returns how many users are missing, and when they were compared."""
    from airflow.providers.postgres.hooks.postgres import PostgresHook

    from user_pipeline import reconciliation
    from user_pipeline.servers import UserTopics, connect_cassandra
    from user_pipeline.verify import shown

    with (
        PostgresHook(postgres_conn_id=CONNECTION_ID).get_conn() as connection,
        connect_cassandra() as stored,
    ):
        report = reconciliation.reconcile(connection, stored, UserTopics(), SLOT, AGAIN_AFTER)
    log.log(logging.WARNING if report.lost else logging.INFO, "\n".join(shown(report)))
    return {"missing": report.lost, "compared_at": report.comparison.at.isoformat()}


@task(execution_timeout=timedelta(minutes=10))
def purge(missing: int, compared_at: str) -> None:
    """Deletes whom the comparison has found in Cassandra."""
    from airflow.providers.postgres.hooks.postgres import PostgresHook
    from airflow.sdk.exceptions import AirflowSkipException

    from user_pipeline import retention

    if not RETENTION_HOURS:
        raise AirflowSkipException("stagingRetentionHours is 0: staged users are kept")
    if missing:
        raise AirflowSkipException(f"{missing} users are missing in Cassandra: nothing is purged")
    before = datetime.fromisoformat(compared_at) - timedelta(hours=RETENTION_HOURS)
    with PostgresHook(postgres_conn_id=CONNECTION_ID).get_conn() as connection:
        log.info(
            "purged %d users who last changed before %s", retention.purge(connection, SLOT, before), before
        )


@dag(
    dag_id="reconcile_dag",
    # Without a start date the first run comes with the next full hour, and not beside the first users.
    schedule="@hourly",
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=55),
    default_args={"retries": 3, "retry_delay": timedelta(minutes=1)},
    tags=["users"],
    doc_md=__doc__,
)
def reconcile_users() -> None:
    """The DAG; its documentation is the module's."""
    result = reconcile()
    purge(result["missing"], result["compared_at"])


reconcile_users()
