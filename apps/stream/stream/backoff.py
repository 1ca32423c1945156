"""Waiting for what will come: longer each time, never without saying for what."""

import logging
from collections.abc import Callable
from threading import Event
from typing import TypeVar

from stream.health import Status

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 15.0

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


class StoppedError(Exception):
    """The job was told to stop."""


class NotYetError(Exception):
    """What is waited for is not there yet; the message says why."""


def delay(failures: int) -> float:
    """Seconds to wait after so many failures in a row."""
    return min(FIRST_SECONDS * 2 ** max(failures - 1, 0), LONGEST_SECONDS)


def pause(seconds: float, status: Status, stop: Event) -> None:
    """Wait.

    Raises:
        StoppedError: the job was told to stop.
    """
    status.beat()
    if stop.wait(seconds):
        raise StoppedError


def wait_for(what: str, ask: Callable[[], Answer], status: Status, stop: Event) -> Answer:
    """Call ``ask`` until it answers instead of raising `NotYetError`, and say what is waited for.

    Raises:
        StoppedError: the job was told to stop.
    """
    failures, reason = 0, ""
    while True:
        try:
            return ask()
        except NotYetError as error:
            if str(error) != reason:
                reason = str(error)
                log.warning("waiting for %s: %s", what, reason)
            status.waiting_for = f"{what}: {reason}"
            failures += 1
        pause(delay(failures), status, stop)
