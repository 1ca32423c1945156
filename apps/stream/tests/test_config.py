"""Settings from the environment."""

from pathlib import Path

import pytest

from stream.config import ConfigurationError, Settings
from stream.queries import Schemas

REQUIRED = {"KAFKA_BOOTSTRAP_SERVERS": "broker:29092", "SCHEMA_REGISTRY_URL": "http://schema-registry:8081/"}


def test_defaults_are_the_names_of_the_pipeline():
    settings = Settings.from_env(REQUIRED)
    assert settings.bootstrap_servers == "broker:29092"
    assert settings.registry_url == "http://schema-registry:8081"
    assert settings.created_topic == "users_created"
    assert settings.processed_topic == "users_processed"
    assert settings.stats_topic == "user_stats"
    assert settings.dlq_topic == "users_dlq"
    assert settings.master_url == "spark://spark-master:7077"
    assert settings.checkpoint_dir == "/var/lib/spark/checkpoints"
    assert settings.port == 8080
    assert settings.log_level == "INFO"


def test_all_mistakes_are_reported_at_once():
    env = {"SCHEMA_REGISTRY_URL": "schema-registry:8081", "PORT": "70000", "LOG_LEVEL": "loud"}
    with pytest.raises(ConfigurationError) as error:
        Settings.from_env(env)
    for name in ("KAFKA_BOOTSTRAP_SERVERS", "SCHEMA_REGISTRY_URL", "PORT", "LOG_LEVEL"):
        assert name in str(error.value)


def test_a_directory_without_the_schemas_is_a_configuration_error(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="user_created.avsc"):
        Schemas.from_directory(tmp_path)
