"""Stages users for the stream: fetches them from the Random User API, validates them and writes them to PostgreSQL, from
where the producer publishes them to Kafka.

| task | what it does |
|---|---|
| `stage_users` | fetches the users, validates them, upserts the good ones into `staging.users` and sets the others aside in `staging.rejected` with the reason, in one transaction |
| `confirm_published` | waits until the replication slot has been confirmed up to that transaction, which the producer does once Kafka has it |

A run draws its users by a seed made of its run id: a retry stages the same users again, which changes nothing. To stage
others, or more of them:

    airflow dags trigger kafka_stream_dag --conf '{"users": 500, "seed": "x"}'

When `confirm_published` fails nothing is lost: the users stay staged, and are published when the producer is back.
"""  # noqa: E501 (Airflow shows this text, with its table, in its UI)

from __future__ import annotations

import hashlib
import logging
import os
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Param, dag, get_current_context, task

# What only the tasks need is imported by them: the DAG processor reads this file again and again.

log = logging.getLogger(__name__)

CONNECTION_ID = "staging"
SCHEDULE = os.environ.get("DAG_SCHEDULE", "* * * * *")
USERS_PER_RUN = int(os.environ.get("USERS_PER_RUN", "100"))
API_URL = os.environ.get("RANDOM_USER_API_URL", "http://random-user-api:8080/api/")
SLOT = os.environ.get("POSTGRES_SLOT", "users_created")

MAX_USERS = 50_000
"""Of one run: they are held in memory, about 5 kB each."""

CONFIRM_SECONDS = 30
"""One try waits this long. A retry waits on, without keeping a process busy in between."""


# One task fetches, validates and stages. As three tasks they would pass 5,000 records of 1.5 kB through
# Airflow's metadata database, and each task costs a process start of some seconds, every minute.
@task(execution_timeout=timedelta(minutes=5))
def stage_users() -> dict[str, Any]:
    """Stages the run's users. Returns the counts and the log position of the transaction."""
    from airflow.providers.postgres.hooks.postgres import PostgresHook
    from airflow.sdk.exceptions import AirflowFailException

    from user_pipeline.api import fetch_pages
    from user_pipeline.records import UserRow, validate
    from user_pipeline.staging import stage

    context = get_current_context()
    params = context["params"]
    seed = params["seed"] or hashlib.sha256(context["run_id"].encode()).hexdigest()[:16]
    now = datetime.now(UTC)
    users, rejections = [], []
    for page in fetch_pages(API_URL, params["users"], seed, params["page"]):
        for record in page:
            result = validate(record, now)
            (users if isinstance(result, UserRow) else rejections).append(result)
    with PostgresHook(postgres_conn_id=CONNECTION_ID).get_conn() as connection:
        staged = stage(connection, users, rejections)
    log.info("asked for %d users with seed %s: %s", params["users"], seed, staged)
    if staged.rejected and not staged.inserted + staged.updated + staged.unchanged:
        # Another try would get the same records.
        raise AirflowFailException(
            f"all {staged.rejected} records were rejected, see staging.rejected for the reasons"
        )
    return staged._asdict()


@task(execution_timeout=timedelta(seconds=CONFIRM_SECONDS * 3))
def confirm_published(lsn: str) -> None:
    """Waits until everything up to the log position was published."""
    from airflow.providers.postgres.hooks.postgres import PostgresHook

    from user_pipeline.staging import wait_until_published

    with PostgresHook(postgres_conn_id=CONNECTION_ID).get_conn() as connection:
        wait_until_published(connection, SLOT, lsn, CONFIRM_SECONDS)


@dag(
    dag_id="kafka_stream_dag",
    schedule=SCHEDULE,
    # In the past, so that the first run starts as soon as the DAG is known.
    start_date=datetime(2025, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=30),
    default_args={
        "retries": 5,
        "retry_delay": timedelta(seconds=10),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=2),
    },
    params={
        "users": Param(
            USERS_PER_RUN, type="integer", minimum=1, maximum=MAX_USERS, description="how many users to stage"
        ),
        "seed": Param(
            None, type=["null", "string"], description="the API gives the same users for the same seed"
        ),
        "page": Param(1, type="integer", minimum=1, description="the first page of the seed's users"),
    },
    tags=["users", "kafka"],
    doc_md=__doc__,
)
def kafka_stream() -> None:
    """The DAG; its documentation is the module's."""
    confirm_published(stage_users()["lsn"])


kafka_stream()
