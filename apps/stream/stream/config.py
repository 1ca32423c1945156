"""Settings of the job, read from the environment and checked all at once."""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


class ConfigurationError(Exception):
    """Something an operator has to change; trying again would not help."""


@dataclass(frozen=True)
class Settings:
    """What the environment says. Every topic must exist; the job creates none."""

    bootstrap_servers: str
    """Kafka brokers as ``host:port``, comma separated (``KAFKA_BOOTSTRAP_SERVERS``)."""
    created_topic: str
    """Users as they were staged (``KAFKA_TOPIC``)."""
    processed_topic: str
    """Users cleaned and enriched (``KAFKA_PROCESSED_TOPIC``)."""
    stats_topic: str
    """Users per minute, country and gender (``KAFKA_STATS_TOPIC``)."""
    dlq_topic: str
    """Records of ``created_topic`` that can never be processed (``KAFKA_DLQ_TOPIC``)."""
    registry_url: str
    """Base URL of the Schema Registry (``SCHEMA_REGISTRY_URL``)."""
    master_url: str
    """Spark master (``SPARK_MASTER_URL``)."""
    checkpoint_dir: str
    """Directory that the driver and all workers share (``CHECKPOINT_DIR``)."""
    schemas_dir: Path
    """Where the .avsc files are (``SCHEMAS_DIR``)."""
    executor_cores: int
    """Slots of one executor, as many as a worker has: one executor fills one worker (``EXECUTOR_CORES``)."""
    executor_memory: str
    """Java heap of one executor, as Spark writes it (``EXECUTOR_MEMORY``)."""
    port: int
    """Port of /livez, /readyz and /metrics (``PORT``)."""
    log_level: str
    """Level of the job's own log (``LOG_LEVEL``)."""

    @staticmethod
    def from_env(env: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings.

        Raises:
            ConfigurationError: names every variable that is missing or wrong.
        """
        problems: list[str] = []

        def text(name: str, default: str | None = None) -> str:
            value = env.get(name, "").strip() or default
            if value is None:
                problems.append(f"{name} is not set")
                return ""
            return value

        def url(name: str) -> str:
            value = text(name)
            parts = urlsplit(value)
            if value and not (parts.scheme in ("http", "https") and parts.hostname):
                problems.append(f"{name} must be like http://host:port, not {value!r}")
            return value.rstrip("/")

        def number(name: str, default: str, largest: int) -> int:
            value = text(name, default)
            if not value.isdecimal() or not 0 < int(value) <= largest:
                problems.append(f"{name} must be a number from 1 to {largest}, not {value!r}")
                return 0
            return int(value)

        def level(name: str, default: str) -> str:
            value = text(name, default).upper()
            # The official Spark image may have Python 3.10, which has no list of the names.
            if not isinstance(logging.getLevelName(value), int):
                problems.append(f"{name} must be debug, info, warn or error, not {value!r}")
            return value

        settings = Settings(
            bootstrap_servers=text("KAFKA_BOOTSTRAP_SERVERS"),
            created_topic=text("KAFKA_TOPIC", "users_created"),
            processed_topic=text("KAFKA_PROCESSED_TOPIC", "users_processed"),
            stats_topic=text("KAFKA_STATS_TOPIC", "user_stats"),
            dlq_topic=text("KAFKA_DLQ_TOPIC", "users_dlq"),
            registry_url=url("SCHEMA_REGISTRY_URL"),
            master_url=text("SPARK_MASTER_URL", "spark://spark-master:7077"),
            checkpoint_dir=text("CHECKPOINT_DIR", "/var/lib/spark/checkpoints"),
            schemas_dir=Path(text("SCHEMAS_DIR", "/opt/stream/schemas")),
            executor_cores=number("EXECUTOR_CORES", "4", 1024),
            executor_memory=text("EXECUTOR_MEMORY", "1g"),
            port=number("PORT", "8080", 65535),
            log_level=level("LOG_LEVEL", "info"),
        )
        if problems:
            raise ConfigurationError("; ".join(problems))
        return settings
