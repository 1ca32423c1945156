"""A Spark application that runs the queries, and what it needs of the cluster."""

import logging
import math
import time
from collections.abc import Callable

from pyspark import SparkContext
from pyspark.sql import SparkSession

from stream import queries
from stream.config import Settings
from stream.health import Status
from stream.supervision import SupervisedQuery

TICK_SECONDS = 1.0
STARVED_SECONDS = 15.0
"""How long a partition may be without a slot before the job calls itself not ready."""
FORGOTTEN_SECONDS = 60.0
"""After so long without a slot a new application is started: a restarted master forgot the old one."""

log = logging.getLogger(__name__)


def start_session(settings: Settings, partitions: int) -> SparkSession:
    """Start an application with a slot for every partition of the source and those of the aggregate query.

    All executors have the same size, so that any worker with room for one can replace one.
    """
    cores = settings.executor_cores
    executors = math.ceil(_slots_needed(partitions) / cores)
    spark = (
        SparkSession.builder.master(settings.master_url)
        .appName("users")
        .config("spark.executor.cores", cores)
        .config("spark.executor.memory", settings.executor_memory)
        .config("spark.cores.max", executors * cores)
        .getOrCreate()
    )
    log.info(
        "application %s: %d partitions, requests %d executor(s) with %d cores",
        spark.sparkContext.applicationId,
        partitions,
        executors,
        cores,
    )
    return spark


class Application:
    """Supervises the queries of one application, until the application has to be restarted."""

    def __init__(
        self,
        spark: SparkSession,
        partitions: int,
        users: SupervisedQuery,
        statistics: SupervisedQuery,
        status: Status,
    ) -> None:
        self._spark = spark
        self._partitions = partitions
        self._users = users
        self._statistics = statistics
        self._status = status
        self._has_slots = self._all_read = time.monotonic()
        self._read_run: str | None = None
        """The run of the real-time query that was once seen reading every partition."""

    def supervise(self, pause: Callable[[float], None]) -> None:
        """Keep the queries running; returns when only a new application helps, and says why."""
        context = self._spark.sparkContext
        while not context._jsc.sc().isStopped():
            slots = _slots(context)
            needed = _slots_needed(self._partitions)
            self._status.slots = slots
            now = time.monotonic()
            if slots > 0:
                self._has_slots = now
            elif now - self._has_slots > FORGOTTEN_SECONDS:
                log.warning("no slot for %.0f s, was the master restarted?", FORGOTTEN_SECONDS)
                return
            if slots >= needed:
                self._users.tick()
                self._statistics.tick()
            reading = self._reading(context, now)
            if reading > self._partitions:
                log.warning("there are %d partitions now", reading)
                return
            self._report(self._missing(slots, needed, now))
            pause(TICK_SECONDS)
        log.warning("the application was stopped")

    def stop(self) -> None:
        """Stop the queries and the application."""
        self._users.stop()
        self._statistics.stop()
        self._spark.stop()

    def _reading(self, context: SparkContext, now: float) -> int:
        """How many partitions the running batch of the real-time query has, 0 between batches.

        Notes since when all are read: a partition without a slot is not, and nothing else says so.
        """
        tasks = waiting = 0
        if self._users.run_id is not None:
            tasks, waiting = _tasks(context, self._users.run_id)
            if tasks > 0 and waiting == 0:
                self._read_run = self._users.run_id
        if waiting == 0:
            self._all_read = now
        return tasks

    def _missing(self, slots: int, needed: int, now: float) -> str | None:
        """What is missing for the job to be ready."""
        if slots < needed:
            return f"slots: the cluster gives {slots} of {needed}"
        if None in (self._users.run_id, self._statistics.run_id) or self._read_run != self._users.run_id:
            return "the queries to start"
        if now - self._all_read > STARVED_SECONDS:
            return "slots: not every partition is read"
        return None

    def _report(self, missing: str | None) -> None:
        if missing != self._status.waiting_for:
            self._status.waiting_for = missing
            if missing is None:
                log.info("ready")
            else:
                log.warning("waiting for %s", missing)


def _slots_needed(partitions: int) -> int:
    """In real-time mode every partition of the source holds a slot all the time."""
    return partitions + queries.STATISTICS_SLOTS


def _slots(context: SparkContext) -> int:
    """How many tasks the executors of the application can run at once."""
    executors = context._jsc.sc().statusStore().executorList(True)
    return sum(executors.apply(index).totalCores() for index in range(executors.size()))


def _tasks(context: SparkContext, run_id: str) -> tuple[int, int]:
    """How many tasks the running batch of a query has, and how many of them still wait for a slot."""
    tracker = context.statusTracker()
    jobs = (tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup(run_id))
    stage_ids = [
        stage for job in jobs if job is not None and job.status == "RUNNING" for stage in job.stageIds
    ]
    stages = [stage for stage in map(tracker.getStageInfo, stage_ids) if stage is not None]
    tasks = sum(stage.numTasks for stage in stages)
    begun = sum(stage.numActiveTasks + stage.numCompletedTasks for stage in stages)
    return tasks, tasks - begun
