"""Fetches user records from an API that speaks the protocol of https://randomuser.me/api/ (version 1.4)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

MAX_USERS_PER_REQUEST = 5000
"""The API's own limit; asked for more it answers with one user."""

MAX_RESPONSE_BYTES = 32 * 1024 * 1024
"""A page of 5000 users has about 6 MB; the rest is room for a few absurdly large records."""

TIMEOUT_SECONDS = (5, 30)
"""To connect, and between two reads."""

MAX_RETRY_AFTER_SECONDS = 30
"""The longest that a Retry-After header makes a request wait; longer ones are left to the task's retry."""

RETRIES = 4


class ApiError(Exception):
    """The API could not be reached, or its answer is of no use; the message says why. Worth another try."""


def fetch_pages(
    url: str, users: int, seed: str, first_page: int = 1, backoff_seconds: float = 1
) -> Iterator[list[Any]]:
    """Yields the records page by page, `users` in all, the same ones for the same arguments.

    Refused connections, 429 (after the time that Retry-After names) and 5xx are tried again RETRIES times, at
    once and then after 2, 4 and 8 times `backoff_seconds`.

    :raises ApiError: when that did not help, or an answer is truncated, too large or not what it should be
    """
    pages = math.ceil(users / MAX_USERS_PER_REQUEST)
    # Pages of one size: where the API counts a page's offset in users they would overlap otherwise.
    page_size = math.ceil(users / pages)
    with requests.Session() as session:
        adapter = HTTPAdapter(max_retries=_retry_policy(backoff_seconds))
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        missing = users
        for page in range(first_page, first_page + pages):
            parameters = {"results": page_size, "seed": seed, "page": page}
            records = _fetch(session, url, parameters)[:missing]
            missing -= len(records)
            yield records


def _retry_policy(backoff_seconds: float) -> Retry:
    return Retry(
        total=RETRIES,
        status_forcelist=(429, 500, 502, 503, 504),
        backoff_factor=backoff_seconds,
        retry_after_max=MAX_RETRY_AFTER_SECONDS,
    )


def _fetch(session: requests.Session, url: str, parameters: dict[str, Any]) -> list[Any]:
    try:
        with session.get(url, params=parameters, timeout=TIMEOUT_SECONDS, stream=True) as response:
            if response.status_code != 200:
                raise ApiError(f"the API answered with status {response.status_code} {response.reason}")
            body = _read(response)
    except requests.RequestException as error:
        raise ApiError(f"the API could not be read: {error}") from error
    return _parse(body)


def _read(response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(chunk_size=64 * 1024):
        body += chunk
        if len(body) > MAX_RESPONSE_BYTES:
            raise ApiError(f"the API's answer has more than {MAX_RESPONSE_BYTES} bytes")
    return bytes(body)


def _parse(body: bytes) -> list[Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ApiError(f"the API's answer of {len(body)} bytes is not JSON: {error}") from error
    if isinstance(answer, dict) and "error" in answer:
        raise ApiError(f"the API answered with an error: {str(answer['error'])[:200]}")
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list) or not results:
        raise ApiError("the API's answer has no list of results, or an empty one")
    return results
