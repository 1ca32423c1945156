"""Runs of the DAG as its users start them, with a metadata database of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import uuid
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sample import record
from scripted_api import Answer, ScriptedApi, results


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory, postgres: dict[str, Any]) -> dict[str, str]:
    """The environment of an Airflow with a metadata database, and the connection `staging` from a file."""
    home = tmp_path_factory.mktemp("airflow")
    connections = home / "connections.json"
    staging = {"conn_type": "postgres", "host": postgres["host"], "port": postgres["port"]}
    staging |= {"schema": postgres["db"], "login": "dags", "password": postgres["users"]["dags"]}
    connections.write_text(json.dumps({"staging": staging}))
    environment = os.environ | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__SECRETS__BACKEND": "airflow.secrets.local_filesystem.LocalFilesystemBackend",
        "AIRFLOW__SECRETS__BACKEND_KWARGS": json.dumps({"connections_file_path": str(connections)}),
    }
    migration = command(environment, "db", "migrate")
    assert migration.returncode == 0, migration.stdout
    return environment


def command(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs `airflow`; both its streams are in `stdout`."""
    airflow = Path(sys.executable).with_name("airflow")
    return subprocess.run(
        [airflow, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


@pytest.fixture
def consumer(admin: psycopg.Connection, slot: str):
    """A consumer that confirms everything at once, as a producer whose Kafka is there."""
    stop = threading.Event()

    def confirm() -> None:
        while not stop.wait(0.2):
            admin.execute("SELECT pg_replication_slot_advance(%s, pg_current_wal_lsn())", (slot,))

    thread = threading.Thread(target=confirm)
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.mark.usefixtures("consumer")
def test_a_run_stages_the_users_it_was_asked_for(
    airflow: dict[str, str], api: ScriptedApi, slot: str, connection: psycopg.Connection
):
    good, bad = [str(uuid.uuid4()) for _ in range(3)], str(uuid.uuid4())
    records = [
        *(record(login__uuid=id) for id in good),
        record(login__uuid=bad, dob__date="2999-01-01T00:00:00Z"),
    ]
    api.script(Answer(503), results(records))
    environment = airflow | {"RANDOM_USER_API_URL": api.url, "POSTGRES_SLOT": slot}

    conf = json.dumps({"users": 4, "seed": "x", "page": 2})
    run = command(environment, "dags", "test", "kafka_stream_dag", "--conf", conf)

    assert run.returncode == 0, run.stdout
    assert api.queries == [{"results": "4", "seed": "x", "page": "2"}] * 2
    staged = connection.execute(
        "SELECT id::text FROM staging.users WHERE id = ANY(%s::uuid[])", ([*good, bad],)
    )
    assert {id for (id,) in staged} == set(good)
    rejected = connection.execute("SELECT reason FROM staging.rejected WHERE key = %s", (f"fetch|{bad}",))
    assert rejected.fetchall() == [("dob.date is in the future",)]
    assert "Nuñez" not in run.stdout and "zoe.nunez" not in run.stdout


def test_a_run_whose_records_are_all_bad_fails(airflow: dict[str, str], api: ScriptedApi, slot: str):
    api.script(results([record(login__uuid=None)]))
    environment = airflow | {"RANDOM_USER_API_URL": api.url, "POSTGRES_SLOT": slot, "USERS_PER_RUN": "1"}
    run = command(environment, "dags", "test", "kafka_stream_dag")
    assert run.returncode == 1, run.stdout
    assert "all 1 records were rejected, see staging.rejected" in run.stdout
    assert len(api.queries) == 1
