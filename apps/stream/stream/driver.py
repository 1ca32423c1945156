"""The driver: waits for what the job depends on and starts it as an application on the cluster."""

import logging
import signal
import socket
import sys
import time
from collections.abc import Callable
from functools import partial
from threading import Event
from urllib.parse import urlsplit

from py4j.protocol import Py4JError
from pyspark import SparkContext
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql.streaming import StreamingQuery

from stream import health, queries, topics
from stream.application import Application, start_session
from stream.backoff import Answer, NotYetError, StoppedError, pause, wait_for
from stream.config import ConfigurationError, Settings
from stream.health import QueryStatus, Status
from stream.projections import Output
from stream.queries import Schemas
from stream.registry import SchemaRegistry
from stream.supervision import Definition, SupervisedQuery
from stream.topics import Topic
from stream.wire_format import Writers

MASTER_TIMEOUT_SECONDS = 5
APPLICATION_PAUSE_SECONDS = 5.0
"""Between the end of an application and the start of the next one."""

log = logging.getLogger(__name__)


def main() -> int:
    """Run until SIGTERM.

    Returns:
        The exit status: 0 when told to stop, 1 when the JVM is lost, 2 when the configuration is wrong.
    """
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.Formatter.converter = time.gmtime
    # py4j logs every connection it loses while the JVM shuts down.
    logging.getLogger("py4j").setLevel(logging.CRITICAL)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    status = Status()
    try:
        settings = Settings.from_env()
        logging.getLogger("stream").setLevel(settings.log_level)
        schemas = Schemas.from_directory(settings.schemas_dir)
        with health.served(status, settings.port):
            Driver(settings, schemas, status, stop).run()
    except ConfigurationError as error:
        log.error("%s", error)
        return 2
    except StoppedError:
        log.info("stopped")
        return 0
    return 1


class Driver:
    """Starts one application after the other; usually the first lives as long as the process."""

    def __init__(self, settings: Settings, schemas: Schemas, status: Status, stop: Event) -> None:
        self._settings = settings
        self._schemas = schemas
        self._status = status
        self._stop = stop
        self._registry = SchemaRegistry(settings.registry_url)

    def run(self) -> None:
        """Keep an application running; returns when the JVM is lost.

        Raises:
            StoppedError: the job was told to stop.
        """
        # Before there is an application the JVM is asked about topics: their partitions decide on its cores.
        SparkContext._ensure_initialized()
        jvm = SparkContext._gateway.proc
        while jvm.poll() is None:
            try:
                self._run_application()
            except (Py4JError, PySparkException, ConnectionError) as error:
                log.error("the application failed: %s", error)
            pause(APPLICATION_PAUSE_SECONDS, self._status, self._stop)
        log.error("the JVM ended with status %d", jvm.returncode)

    def _run_application(self) -> None:
        """Start an application and supervise it until it has to be restarted."""
        settings, schemas = self._settings, self._schemas
        partitions = self._topic(settings.created_topic).partitions
        self._topic(settings.dlq_topic)
        processed = self._output(settings.processed_topic, schemas.processed)
        stats = self._output(settings.stats_topic, schemas.stats)
        self._wait_for("the Spark master", self._ask_master)

        spark = start_session(settings, partitions)
        start_users = partial(
            queries.start_users, spark, settings, reader=schemas.created, processed=processed
        )
        start_statistics = partial(
            queries.start_statistics, spark, settings, reader=schemas.processed, stats=stats
        )
        application = Application(
            spark,
            partitions,
            self._supervised("users", spark, settings.created_topic, start_users),
            self._supervised("statistics", spark, settings.processed_topic, start_statistics),
            self._status,
        )
        try:
            application.supervise(lambda seconds: pause(seconds, self._status, self._stop))
        finally:
            application.stop()

    def _supervised(
        self, name: str, spark: SparkSession, topic: str, start: Callable[[Writers], StreamingQuery]
    ) -> SupervisedQuery:
        definition = Definition(
            name,
            _subject(topic),
            queries.checkpoint(self._settings, name),
            start,
            partial(queries.schema_ids_since, spark, self._settings, topic),
        )
        return SupervisedQuery(
            definition, self._registry, self._status.queries.setdefault(name, QueryStatus())
        )

    def _output(self, topic: str, schema: str) -> Output:
        """How to write to a topic; waits for the topic and the schema."""

        def ask() -> int:
            schema_id = self._registry.id_of(_subject(topic), schema)
            if schema_id is None:
                raise NotYetError("not registered")
            return schema_id

        schema_id = self._wait_for(f"the schema of this job under {_subject(topic)}", ask)
        return Output(topic, schema_id, schema, self._topic(topic).largest_value)

    def _topic(self, name: str) -> Topic:
        ask = partial(topics.describe, SparkContext._jvm, self._settings.bootstrap_servers, name)
        return self._wait_for(f"topic {name}", ask)

    def _ask_master(self) -> None:
        """Spark itself would wait for a minute, then throw errors that do not name the reason."""
        url = urlsplit(self._settings.master_url)
        if url.scheme != "spark":
            return
        try:
            socket.create_connection((url.hostname, url.port), MASTER_TIMEOUT_SECONDS).close()
        except OSError as error:
            raise NotYetError(f"{self._settings.master_url}: {error}") from error

    def _wait_for(self, what: str, ask: Callable[[], Answer]) -> Answer:
        return wait_for(what, ask, self._status, self._stop)


def _subject(topic: str) -> str:
    """The registry's subject for the values of a topic."""
    return f"{topic}-value"
