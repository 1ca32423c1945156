"""What the tests share: a local Spark, the project's schemas, the test services."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pyspark.sql import SparkSession

APP = Path(__file__).resolve().parents[1]
REPOSITORY = APP.parents[1]
SCHEMAS_DIR = APP.parent / "schemas"

sys.path[:0] = [str(APP), str(APP / "tests")]

from servers import Pipeline  # noqa: E402
from stream.queries import Schemas  # noqa: E402


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """A session in this process with the job's own settings."""
    os.environ["SPARK_CONF_DIR"] = str(APP / "conf")
    session = SparkSession.builder.master("local[4]").config("spark.ui.enabled", "false").getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="session")
def schemas() -> Schemas:
    """The schemas of the repository."""
    return Schemas.from_directory(SCHEMAS_DIR)


@pytest.fixture(scope="session")
def services() -> SimpleNamespace:
    """Addresses of the real Kafka and Schema Registry for tests."""
    file = REPOSITORY / ".cache" / "test-services.json"
    if not file.exists():
        pytest.fail(f"{file} is missing: `make test` starts the services it names")
    described: dict[str, Any] = json.loads(file.read_text())
    return SimpleNamespace(
        kafka=described["kafka"]["bootstrapServers"], registry=described["schemaRegistry"]["url"]
    )


@pytest.fixture
def pipeline(services: SimpleNamespace) -> Iterator[Pipeline]:
    """Topics and subjects of this test alone; it creates them itself."""
    pipeline = Pipeline(services.kafka, services.registry)
    yield pipeline
    pipeline.delete_topics()
