"""/livez, /readyz and /metrics of the driver."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LIVE_SECONDS = 300.0
"""The driver is taken for dead when it has not come round for this long."""


@dataclass
class QueryStatus:
    """What is known of a query; None where it has not got that far."""

    active: bool = False
    restarts: int = 0
    batch_id: int | None = None
    input_rows: int | None = None
    """Records in the last batch."""
    progress_time: float | None = None
    """When the last batch ended (Unix time in seconds)."""
    late_users: int = 0
    """Users that the watermark kept from being counted, since the start of the process."""
    ahead_users: int = 0
    """Users that were not counted because their time was too far ahead, since the start of the process."""


@dataclass
class Status:
    """The state of the driver: written by it, shown by the HTTP server."""

    waiting_for: str | None = "start"
    """Why the job is not ready; None when it is."""
    slots: int = 0
    """Slots that the cluster gives."""
    queries: dict[str, QueryStatus] = field(default_factory=dict)
    _beat: float = field(default_factory=time.monotonic)

    def beat(self) -> None:
        """To be called again and again by the driver."""
        self._beat = time.monotonic()

    def live(self) -> bool:
        """Whether the driver comes round."""
        return time.monotonic() - self._beat < LIVE_SECONDS

    def metrics(self) -> str:
        """The state in Prometheus' text format."""
        lines = ["# TYPE stream_slots gauge", f"stream_slots {self.slots}"]
        for name, kind, attribute in (
            ("stream_query_active", "gauge", "active"),
            ("stream_query_restarts_total", "counter", "restarts"),
            ("stream_query_batch_id", "gauge", "batch_id"),
            ("stream_query_batch_input_rows", "gauge", "input_rows"),
            ("stream_query_progress_timestamp_seconds", "gauge", "progress_time"),
            ("stream_query_late_users_total", "counter", "late_users"),
            ("stream_query_ahead_users_total", "counter", "ahead_users"),
        ):
            lines.append(f"# TYPE {name} {kind}")
            for query, status in self.queries.items():
                value = getattr(status, attribute)
                if value is not None:
                    lines.append(f'{name}{{query="{query}"}} {value + 0}')
        return "\n".join(lines) + "\n"


@contextmanager
def served(status: Status, port: int) -> Iterator[None]:
    """Answer probes on ``port`` until the block is left."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/livez":
                self._answer(status.live(), "live\n" if status.live() else "the driver hangs\n")
            elif self.path == "/readyz":
                waiting_for = status.waiting_for
                self._answer(
                    waiting_for is None, f"waiting for {waiting_for}\n" if waiting_for else "ready\n"
                )
            elif self.path == "/metrics":
                self._answer(True, status.metrics())
            else:
                self.send_error(404)

        def _answer(self, well: bool, text: str) -> None:
            body = text.encode()
            self.send_response(200 if well else 503)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Probes come every few seconds: not logged."""

    server = ThreadingHTTPServer(("", port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
