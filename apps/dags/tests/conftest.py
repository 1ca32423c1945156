"""Fixtures: an HTTP server, the test servers, an Airflow home of the tests' own."""

from __future__ import annotations

import json
import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import hypothesis.configuration
import psycopg
import pytest

from scripted_api import ScriptedApi, serve

REPOSITORY = Path(__file__).parents[3]
DAGS = Path(__file__).parents[1]

# Nothing is written beside the sources, which may be mounted read-only.
hypothesis.configuration.set_hypothesis_home_dir(tempfile.mkdtemp(prefix="hypothesis-"))

# By default an example may take 200 ms, which says more about the machine than about the code.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")

# Airflow reads these when it is imported first, which some test module does.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="airflow-")
os.environ["AIRFLOW__CORE__DAGS_FOLDER"] = str(DAGS)
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "false"


@pytest.fixture
def api() -> Iterator[ScriptedApi]:
    with serve() as scripted:
        yield scripted


@pytest.fixture(scope="session")
def services() -> dict[str, Any]:
    """Where the test servers are."""
    return json.loads((REPOSITORY / ".cache" / "test-services.json").read_text())


@pytest.fixture(scope="session")
def postgres(services: dict[str, Any]) -> dict[str, Any]:
    """Where the test PostgreSQL is: host, port, db, and users with their passwords."""
    # Said here, at once: a run of the DAG would try again for minutes.
    with connect(services["postgres"], "dags") as connection:
        connection.execute("SELECT FROM staging.users LIMIT 0")
    return services["postgres"]


@pytest.fixture
def connection(postgres: dict[str, Any]) -> Iterator[psycopg.Connection]:
    """A connection with the rights the DAG has."""
    with connect(postgres, "dags") as opened:
        yield opened


@pytest.fixture
def admin(postgres: dict[str, Any]) -> Iterator[psycopg.Connection]:
    """A superuser's connection, each statement its own transaction."""
    with connect(postgres, "postgres") as opened:
        opened.autocommit = True
        yield opened


@pytest.fixture
def slot(admin: psycopg.Connection) -> Iterator[str]:
    """The name of a replication slot of the test's own; the test plays its consumer."""
    name = f"dags_{uuid.uuid4().hex[:8]}"
    admin.execute("SELECT pg_create_logical_replication_slot(%s, 'pgoutput')", (name,))
    yield name
    admin.execute(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s", (name,)
    )


def connect(postgres: dict[str, Any], user: str) -> psycopg.Connection:
    return psycopg.connect(
        host=postgres["host"],
        port=postgres["port"],
        dbname=postgres["db"],
        user=user,
        password=postgres["users"][user],
    )
