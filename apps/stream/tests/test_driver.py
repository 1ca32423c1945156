"""The whole job as a process of its own, on a local Spark, with real Kafka and Schema Registry."""

import os
import random
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from conftest import APP, SCHEMAS_DIR
from records import unwire, user, wire, with_field, without
from servers import DEADLINE_SECONDS, Pipeline, eventually, free_port, keys, register, registry_without
from stream.queries import Schemas

UNKNOWN_IDS = (1_900_000_001, 1_900_000_002)


class DriverProcess:
    """``main.py`` on the topics of a test."""

    def __init__(self, pipeline: Pipeline, directory: Path, registry_url: str) -> None:
        self._log = directory / "driver.log"
        self._port = free_port()
        self._env = {
            **os.environ,
            "KAFKA_BOOTSTRAP_SERVERS": pipeline.bootstrap_servers,
            "SCHEMA_REGISTRY_URL": registry_url,
            "KAFKA_TOPIC": pipeline.created,
            "KAFKA_PROCESSED_TOPIC": pipeline.processed,
            "KAFKA_STATS_TOPIC": pipeline.stats,
            "KAFKA_DLQ_TOPIC": pipeline.dlq,
            "CHECKPOINT_DIR": str(directory / "checkpoints"),
            "SCHEMAS_DIR": str(SCHEMAS_DIR),
            "SPARK_MASTER_URL": "local[4]",
            "PORT": str(self._port),
        }
        self._env.pop("SPARK_CONF_DIR", None)
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        with self._log.open("a") as log:
            # A group of its own: the JVM is a child.
            self._process = subprocess.Popen(
                [sys.executable, APP / "main.py"], env=self._env, stderr=log, start_new_session=True
            )

    def log(self) -> str:
        return self._log.read_text()

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of an answer; 0 when nobody listens."""
        try:
            with urllib.request.urlopen(f"http://localhost:{self._port}{path}", timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_until_ready(self) -> None:
        assert self._process is not None
        eventually("/readyz", lambda: self._process.poll() is not None or self.get("/readyz")[0] == 200)
        assert self._process.poll() is None, self.log()

    def kill(self) -> None:
        """Like a machine that loses its power: the JVM goes too."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def terminate(self) -> int:
        """SIGTERM, as containers are stopped; returns the exit status."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(DEADLINE_SECONDS)


@pytest.fixture
def driver(pipeline: Pipeline, tmp_path: Path) -> Iterator[DriverProcess]:
    driver = DriverProcess(pipeline, tmp_path, pipeline.registry_url)
    yield driver
    driver.kill()


def created(schema_id: int, schema: str, number: int, **fields: str) -> dict[str, bytes]:
    """So many users by id, written with a schema."""
    ids = [str(uuid4()) for _ in range(number)]
    return {one: wire(schema_id, schema, user(id=one, **fields)) for one in ids}


def test_waits_processes_asks_about_schemas_survives_and_stops(
    driver: DriverProcess, pipeline: Pipeline, schemas: Schemas
):
    # Nothing is there yet: it waits and says for what.
    driver.start()
    eventually("the topic to be missed", lambda: f"waiting for topic {pipeline.created}" in driver.log())
    assert driver.get("/livez")[0] == 200
    assert driver.get("/readyz")[0] == 503 and pipeline.created in driver.get("/readyz")[1]
    pipeline.create_topics()
    subject = f"{pipeline.processed}-value"
    eventually("the schema to be missed", lambda: f"under {subject}: not registered" in driver.log())
    created_id, processed_id, _ = pipeline.register(schemas)
    driver.wait_until_ready()

    def processed() -> set[str]:
        return set(keys(pipeline.read(pipeline.processed)))

    users = created(created_id, schemas.created, 20)
    pipeline.send(pipeline.created, list(users.items()))
    eventually("the users", lambda: processed() == users.keys())

    # Schemas registered while the job runs: of a newer producer, and of one that lacks a field of the job's.
    newer, older = with_field(schemas.created, "nickname"), without(schemas.created, "city")
    newer_id = register(pipeline.registry_url, f"{pipeline.created}-value", newer)
    older_id = register(pipeline.registry_url, f"{pipeline.created}-value", older)
    complete = created(newer_id, newer, 5, nickname="countess", city="London")
    complete |= created(created_id, schemas.created, 5, city="London")
    lacking = created(older_id, older, 5)
    users |= complete | lacking
    pipeline.send(pipeline.created, random.sample(list((complete | lacking).items()), 15))
    eventually("users of the other producers", lambda: processed() == users.keys())
    records = [unwire(schemas.processed, message.value())[1] for message in pipeline.read(pipeline.processed)]
    cities = {record["id"]: (record["last_name"], record["city"]) for record in records}
    assert {cities[one] for one in complete} == {("Lovelace", "London")}
    assert {cities[one] for one in lacking} == {("Lovelace", None)}
    assert pipeline.read(pipeline.dlq) == []

    # Ids that the registry does not know, between good users.
    strange = {}
    for number in UNKNOWN_IDS:
        more = created(created_id, schemas.created, 3)
        wrong = created(number, schemas.created, 1)
        strange |= wrong
        users |= more
        pipeline.send(pipeline.created, list((more | wrong).items()))
    eventually("the other users", lambda: processed() == users.keys())
    dead = pipeline.read_until(pipeline.dlq, lambda messages: len(set(keys(messages))) == len(strange))
    assert {message.value() for message in dead} == set(strange.values())
    assert {int(dict(message.headers())["dlq.schema.id"]) for message in dead} == set(UNKNOWN_IDS)

    # Killed and started again: what came in between is there, and nothing is missing.
    driver.kill()
    late = created(newer_id, newer, 20)
    pipeline.send(pipeline.created, list(late.items()))
    driver.start()
    eventually("the late users", lambda: processed() == users.keys() | late.keys())
    messages = pipeline.read(pipeline.processed)
    assert {unwire(schemas.processed, message.value())[0] for message in messages} == {processed_id}
    noted = 'stream_query_batch_id{query="users"}'
    eventually("a batch of the real-time query to be noted", lambda: noted in driver.get("/metrics")[1])
    assert 'stream_query_active{query="users"} 1' in driver.get("/metrics")[1]

    assert driver.terminate() == 0

    # Records that it had not read expired while it was stopped: it resumes at the oldest one that is left.
    pipeline.send(pipeline.created, list(created(created_id, schemas.created, 20).items()))
    pipeline.expire(pipeline.created)
    new = created(created_id, schemas.created, 20)
    pipeline.send(pipeline.created, list(new.items()))
    driver.start()
    eventually("the new users", lambda: new.keys() <= processed())
    assert "not in the topic any more" in driver.log()
    assert driver.terminate() == 0
    # Her first name is in RunnableAdapter, which stack traces have.
    for secret in ("Lovelace", "ada@example.com", *users):
        assert secret not in driver.log()


def test_a_letter_of_an_unknown_schema_id_is_a_user_when_it_is_sent_again_after_the_id_was_registered(
    pipeline: Pipeline, schemas: Schemas, tmp_path: Path
):
    pipeline.create_topics()
    created_id, *_ = pipeline.register(schemas)
    newer = with_field(schemas.created, "nickname")
    newer_id = register(pipeline.registry_url, f"{pipeline.prefix}-newer-value", newer)
    with registry_without(pipeline.registry_url, newer_id) as (registry_url, known):
        driver = DriverProcess(pipeline, tmp_path, registry_url)
        driver.start()
        try:
            driver.wait_until_ready()
            users = created(newer_id, newer, 1)
            pipeline.send(pipeline.created, list(users.items()))
            letter = pipeline.read_until(pipeline.dlq, bool)[0]
            known.set()
            eventually("the id to be noticed", lambda: f"schema id {newer_id} is known now" in driver.log())
            pipeline.send(pipeline.created, list(users.items()), {"dlq.replay": letter.key()})
            eventually("the user", lambda: set(keys(pipeline.read(pipeline.processed))) == users.keys())
            assert set(keys(pipeline.read(pipeline.dlq))) == {letter.key().decode()}
        finally:
            driver.kill()


def test_a_wrong_configuration_ends_with_a_sentence(tmp_path: Path):
    # As bare as it may be: what makes Python and PySpark be found stays.
    env = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ} | {"PORT": "x"}
    ended = subprocess.run([sys.executable, APP / "main.py"], env=env, capture_output=True, text=True)
    assert ended.returncode == 2
    assert "KAFKA_BOOTSTRAP_SERVERS is not set" in ended.stderr and "PORT" in ended.stderr
    assert "Traceback" not in ended.stderr
