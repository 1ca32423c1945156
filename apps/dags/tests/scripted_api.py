"""A real HTTP server which answers as a test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Answer:
    """One answer; `sent` is how much of the body goes out before the connection is closed (default: all)."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    sent: int | None = None


def results(records: list[Any]) -> Answer:
    """The answer of an API that works."""
    body = json.dumps({"results": records, "info": {"results": len(records), "version": "1.4"}})
    return Answer(body=body.encode(), headers={"Content-Type": "application/json"})


class ScriptedApi:
    """Answers by calling `answer` with the query; keeps the queries it was sent."""

    url: str

    def __init__(self) -> None:
        self.queries: list[dict[str, str]] = []
        self.answer: Callable[[dict[str, str]], Answer] = lambda query: results([])

    def script(self, *answers: Answer) -> None:
        """Gives these answers in turn, the last one for ever."""
        remaining = list(answers)
        self.answer = lambda query: remaining.pop(0) if len(remaining) > 1 else remaining[0]


@contextmanager
def serve() -> Iterator[ScriptedApi]:
    """Serves on a free port of the loopback interface."""
    api = ScriptedApi()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            api.queries.append(query)
            answer = api.answer(query)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body[: answer.sent])

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing: the queries are kept."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """Says nothing: clients that hang up are what some tests are about."""

    with Server(("127.0.0.1", 0), Handler) as server:
        api.url = f"http://127.0.0.1:{server.server_port}/api/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield api
        finally:
            server.shutdown()
            thread.join()
