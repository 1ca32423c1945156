from __future__ import annotations

import json
import threading

import pytest

import user_pipeline.api as api_module
from scripted_api import Answer, ScriptedApi, results
from user_pipeline.api import ApiError, fetch_pages

OK = results([{"n": 0}])


def fetch(api: ScriptedApi, users: int = 1, **options) -> list[list]:
    return list(fetch_pages(api.url, users, "seed", backoff_seconds=0.001, **options))


def test_asks_for_the_users_of_a_seed(api: ScriptedApi):
    api.script(results([{"n": 0}, {"n": 1}]))
    assert fetch(api, users=2) == [[{"n": 0}, {"n": 1}]]
    assert api.queries == [{"results": "2", "seed": "seed", "page": "1"}]


def test_more_than_one_request_may_ask_for_comes_in_pages_of_one_size(api: ScriptedApi):
    api.answer = lambda query: results([query["page"]] * int(query["results"]))
    pages = fetch(api, users=10_001, first_page=3)
    assert [len(page) for page in pages] == [3334, 3334, 3333]
    assert [page[0] for page in pages] == ["3", "4", "5"]
    assert {query["results"] for query in api.queries} == {"3334"}


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_status_that_may_pass_is_tried_again(api: ScriptedApi, status: int):
    api.script(Answer(status), Answer(status), OK)
    assert fetch(api) == [[{"n": 0}]]
    assert len(api.queries) == 3


def test_a_status_that_stays_is_an_error(api: ScriptedApi):
    api.script(Answer(503))
    with pytest.raises(ApiError, match="503"):
        fetch(api)
    assert len(api.queries) == 1 + api_module.RETRIES


def test_a_status_that_will_not_pass_is_an_error_at_once(api: ScriptedApi):
    api.script(Answer(404))
    with pytest.raises(ApiError, match="status 404"):
        fetch(api)
    assert len(api.queries) == 1


def test_retry_after_is_honoured_up_to_a_limit(monkeypatch: pytest.MonkeyPatch, api: ScriptedApi):
    waits: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", waits.append)
    api.script(Answer(429, headers={"Retry-After": "7"}), Answer(429, headers={"Retry-After": "86400"}), OK)
    fetch(api)
    assert waits == [7, api_module.MAX_RETRY_AFTER_SECONDS]


def test_an_api_that_is_not_there_is_an_error():
    with pytest.raises(ApiError, match="could not be read"):
        list(fetch_pages("http://127.0.0.1:9/api/", 1, "seed", backoff_seconds=0.001))


def test_a_slow_answer_is_an_error(monkeypatch: pytest.MonkeyPatch, api: ScriptedApi):
    released = threading.Event()

    def slow(query: dict[str, str]) -> Answer:
        released.wait()
        return OK

    monkeypatch.setattr(api_module, "TIMEOUT_SECONDS", (1, 0.05))
    api.answer = slow
    try:
        with pytest.raises(ApiError, match="[Rr]ead timed out"):
            fetch(api)
    finally:
        released.set()


@pytest.mark.parametrize("sent", [0, 1, 20])
def test_a_truncated_answer_is_an_error(api: ScriptedApi, sent: int):
    api.script(Answer(body=OK.body, sent=sent))
    with pytest.raises(ApiError, match="could not be read"):
        fetch(api)


def test_a_huge_answer_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch, api: ScriptedApi):
    monkeypatch.setattr(api_module, "MAX_RESPONSE_BYTES", 100_000)
    api.script(Answer(body=b" " * 300_000 + OK.body))
    with pytest.raises(ApiError, match="more than 100000 bytes"):
        fetch(api)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not JSON"),
        (b"<html>Too busy</html>", "not JSON"),
        (OK.body[:-5], "not JSON"),
        (b"\xff\xfe\xfd", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "no list of results"),
        (b"null", "no list of results"),
        (b"{}", "no list of results"),
        (b'{"results": {}}', "no list of results"),
        (b'{"results": []}', "or an empty one"),
        (json.dumps({"error": "Uh oh, something has gone wrong."}).encode(), "Uh oh"),
    ],
)
def test_a_wrong_answer_is_an_error(api: ScriptedApi, body: bytes, message: str):
    api.script(Answer(body=body))
    with pytest.raises(ApiError, match=message):
        fetch(api)
