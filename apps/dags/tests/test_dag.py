"""The DAG as Airflow sees it."""

from __future__ import annotations

import importlib
from datetime import timedelta

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG
from airflow.sdk.exceptions import ParamValidationError

import kafka_stream
from conftest import DAGS


@pytest.fixture(scope="module")
def dags() -> dict[str, DAG]:
    bag = DagBag(dag_folder=DAGS)
    assert bag.import_errors == {}
    assert set(bag.dags) == {"kafka_stream_dag", "reconcile_dag"}
    return bag.dags


@pytest.fixture
def dag(dags: dict[str, DAG]) -> DAG:
    return dags["kafka_stream_dag"]


def test_runs_every_minute_one_run_at_a_time(dag: DAG):
    assert dag.schedule == "* * * * *"
    assert not dag.catchup
    assert dag.max_active_runs == 1
    assert dag.dagrun_timeout == timedelta(minutes=30)


def test_stages_and_then_confirms(dag: DAG):
    assert dag.task_ids == ["stage_users", "confirm_published"]
    assert dag.get_task("stage_users").downstream_task_ids == {"confirm_published"}


@pytest.mark.parametrize("task_id", ["stage_users", "confirm_published"])
def test_tasks_are_tried_again_later_and_later_and_end_in_time(dag: DAG, task_id: str):
    task = dag.get_task(task_id)
    assert task.retries == 5
    assert task.retry_exponential_backoff == 2
    assert task.retry_delay < task.max_retry_delay <= timedelta(minutes=2)
    assert task.execution_timeout and task.execution_timeout < dag.dagrun_timeout


def test_is_documented(dag: DAG):
    assert "airflow dags trigger kafka_stream_dag" in dag.doc_md


@pytest.mark.parametrize(
    "wrong", [{"users": 0}, {"users": 50_001}, {"users": "many"}, {"page": 0}, {"seed": 7}]
)
def test_refuses_wrong_parameters(dag: DAG, wrong: dict):
    for name, value in wrong.items():
        with pytest.raises(ParamValidationError):
            dag.params.get_param(name).resolve(value)


def test_schedule_and_number_of_users_are_settings(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DAG_SCHEDULE", "0 * * * *")
    monkeypatch.setenv("USERS_PER_RUN", "7")
    try:
        dag = importlib.reload(kafka_stream).kafka_stream()
        assert dag.schedule == "0 * * * *"
        assert dag.params["users"] == 7
    finally:
        monkeypatch.undo()
        importlib.reload(kafka_stream)


def test_reconciles_every_hour_and_then_purges(dags: dict[str, DAG]):
    dag = dags["reconcile_dag"]
    assert dag.schedule == "@hourly"
    # Then the first run would come with the first users.
    assert dag.start_date is None
    assert (dag.catchup, dag.max_active_runs) == (False, 1)
    assert dag.task_ids == ["reconcile", "purge"]
    assert dag.get_task("reconcile").downstream_task_ids == {"purge"}
    for task in dag.tasks:
        assert task.retries and task.execution_timeout < dag.dagrun_timeout
