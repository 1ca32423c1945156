"""A query that is started again when it ends."""

import logging
import shutil
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql.streaming import StreamingQuery
from pyspark.sql.streaming.listener import StreamingQueryProgress

from stream import wire_format
from stream.backoff import NotYetError, delay
from stream.health import QueryStatus
from stream.registry import SchemaRegistry
from stream.statistics import AHEAD_METRIC
from stream.wire_format import UndecidedId, Writers

STEADY_SECONDS = 60.0
"""After running this long a query counts as well again: its next failure is the first."""
OFFSETS_GONE = "OffsetOutOfRangeException"
LONGEST_REASON = 300
"""Characters of an error message that are logged."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Definition:
    """How to start a query and what to ask when it stops at a schema id."""

    name: str
    subject: str
    """Where the schemas of its source are registered."""
    checkpoint: Path
    """Where it notes how far it is."""
    start: Callable[[Writers], StreamingQuery]
    ids_since: Callable[[int], set[int]]
    """The schema ids in the source since a time (Unix time in milliseconds)."""


class SupervisedQuery:
    """Keeps one streaming query running: every failure is taken for a passing one."""

    def __init__(self, definition: Definition, registry: SchemaRegistry, status: QueryStatus) -> None:
        self._definition = definition
        self._registry = registry
        self._status = status
        self._query: StreamingQuery | None = None
        self._started = 0.0
        self._not_before = 0.0
        self._failures = 0
        self._noted_run: str | None = None
        """The run whose batches the status has."""
        self._asked_ids: set[int] = set()
        self._unknown_ids: deque[int] = deque()
        """Those that the running query takes for unknown."""

    @property
    def run_id(self) -> str | None:
        """Identifies the running query's jobs, None when it is not running."""
        return str(self._query.runId) if self._query is not None and self._status.active else None

    def tick(self) -> None:
        """Look after the query; to be called every second or so."""
        now = time.monotonic()
        if self._query is not None:
            self._status.active = self._query.isActive
            self._note_progress(self._query)
            if not self._status.active:
                self._note_end(self._query, now)
            elif self._is_unknown_id_registered():
                self.stop()
            elif now - self._started > STEADY_SECONDS:
                self._failures = 0
        elif now >= self._not_before:
            self._start(now)

    def stop(self) -> None:
        """Stop the query. What it has not noted as done is done again when it is started."""
        if self._query is not None:
            self._query.stop()
            self._query, self._status.active = None, False

    def _start(self, now: float) -> None:
        try:
            writers = self._writers()
            self._query = self._definition.start(writers)
        except (NotYetError, PySparkException, Py4JError) as error:
            self._postpone(str(error), now)
            return
        self._started, self._status.active = now, True
        self._unknown_ids = deque(writers.unknown)
        log.info("%s: started, schema ids %s", self._definition.name, sorted(writers.known))

    def _writers(self) -> Writers:
        """What the registry says now, about the subject and about the ids that stopped the query before."""
        known = self._registry.writers(self._definition.subject)
        if not known:
            raise NotYetError(f"no schema is registered under {self._definition.subject}")
        asked = {number: self._registry.schema(number) for number in self._asked_ids - known.keys()}
        known |= {number: schema for number, schema in asked.items() if schema is not None}
        return Writers(known, frozenset(asked.keys() - known.keys()))

    def _is_unknown_id_registered(self) -> bool:
        """Ask the registry about one of the unknown ids, in turn. A restarted query then knows the id.

        Without this, what comes with the id would be a dead letter for as long as the query runs.
        """
        if not self._unknown_ids:
            return False
        self._unknown_ids.rotate()
        try:
            is_registered = self._registry.schema(self._unknown_ids[0]) is not None
        except NotYetError:
            return False
        if is_registered:
            log.warning("%s: schema id %d is known now", self._definition.name, self._unknown_ids[0])
        return is_registered

    def _note_end(self, query: StreamingQuery, now: float) -> None:
        self._query = None
        self._status.restarts += 1
        failure = str(query.exception())
        undecided = wire_format.undecided_id(failure)
        if undecided is None:
            self._postpone(failure, now)
            if OFFSETS_GONE in failure:
                log.error(
                    "%s: what comes next is not in the topic any more (was the job stopped for longer than "
                    "the topic keeps records?), starting over with all that is there",
                    self._definition.name,
                )
                shutil.rmtree(self._definition.checkpoint)
        else:
            self._asked_ids |= self._undecided_ids(undecided)
            log.warning(
                "%s: met schema id %d, asking the registry", self._definition.name, undecided.schema_id
            )

    def _undecided_ids(self, met: UndecidedId) -> set[int]:
        """The id that stopped the query and, so that not every one stops it, those in what comes after."""
        try:
            return {met.schema_id} | self._definition.ids_since(met.timestamp_ms)
        except PySparkException as error:
            log.warning(
                "%s: could not look ahead for schema ids: %s", self._definition.name, _reason(str(error))
            )
            return {met.schema_id}

    def _postpone(self, failure: str, now: float) -> None:
        self._failures += 1
        seconds = delay(self._failures)
        self._not_before = now + seconds
        log.warning("%s: starting again in %.0f s: %s", self._definition.name, seconds, _reason(failure))

    def _note_progress(self, query: StreamingQuery) -> None:
        if query.lastProgress is None or query.lastProgress.batchId == self._status.batch_id:
            return
        # A restarted query may repeat the batch that the one before it ended in.
        noted = -1 if self._noted_run != str(query.runId) else self._status.batch_id
        self._noted_run = str(query.runId)
        for progress in query.recentProgress:
            if progress.batchId > noted:
                self._note_batch(progress)

    def _note_batch(self, progress: StreamingQueryProgress) -> None:
        status = self._status
        status.batch_id = progress.batchId
        status.input_rows = progress.numInputRows
        begin = datetime.fromisoformat(progress.timestamp).timestamp()
        status.progress_time = begin + progress.durationMs["triggerExecution"] / 1000
        status.late_users += sum(operator.numRowsDroppedByWatermark for operator in progress.stateOperators)
        ahead = progress.observedMetrics.get(AHEAD_METRIC)
        if ahead is not None:
            status.ahead_users += ahead["users"]


def _reason(message: str) -> str:
    """The first line of an error message of Spark, which may go on for pages."""
    return message.strip().split("\n", 1)[0][:LONGEST_REASON]
