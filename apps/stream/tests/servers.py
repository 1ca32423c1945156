"""Real Kafka and Schema Registry for the tests: every test with topics and subjects of its own."""

import contextlib
import http.server
import json
import random
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import uuid4

from confluent_kafka import OFFSET_BEGINNING, OFFSET_END, Consumer, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from stream.queries import Schemas

DEADLINE_SECONDS = 600
"""For what takes seconds on a quiet machine, and minutes on one that builds images meanwhile."""

Answer = TypeVar("Answer")


def eventually(what: str, ask: Callable[[], Answer]) -> Answer:
    """The first answer of ``ask`` that is true; fails when there is none in time."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (answer := ask()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {DEADLINE_SECONDS} s for {what}")
        time.sleep(0.2)
    return answer


def free_port() -> int:
    """A port nobody listens on; below those that Linux gives to outgoing connections, so it stays free."""
    while True:
        port = random.randrange(20_000, 30_000)
        with contextlib.suppress(OSError), socket.create_server(("", port)):
            return port


@contextlib.contextmanager
def registry_without(registry_url: str, schema_id: int) -> Iterator[tuple[str, threading.Event]]:
    """A registry in front of the real one that does not know a schema id until the event is set.

    Yields:
        Its address, and the event.
    """
    known = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == f"/schemas/ids/{schema_id}" and not known.is_set():
                self._answer(404, b'{"error_code": 40403, "message": "Schema not found"}')
            else:
                self._forward(None)

        def do_POST(self) -> None:
            self._forward(self.rfile.read(int(self.headers["Content-Length"])))

        def log_message(self, *_: object) -> None:
            pass

        def _forward(self, body: bytes | None) -> None:
            headers = {"Content-Type": "application/vnd.schemaregistry.v1+json"}
            request = urllib.request.Request(registry_url + self.path, body, headers)
            try:
                with urllib.request.urlopen(request, timeout=DEADLINE_SECONDS) as response:
                    self._answer(response.status, response.read())
            except urllib.error.HTTPError as error:
                self._answer(error.code, error.read())

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", known
        server.shutdown()


def register(registry_url: str, subject: str, schema: str) -> int:
    """Register a schema as the deploy job does; returns its id."""
    request = urllib.request.Request(
        f"{registry_url}/subjects/{subject}/versions",
        data=json.dumps({"schema": schema}).encode(),
        headers={"Content-Type": "application/vnd.schemaregistry.v1+json"},
    )
    with urllib.request.urlopen(request, timeout=DEADLINE_SECONDS) as response:
        return json.load(response)["id"]


@dataclass
class Pipeline:
    """Topics of one test and the subjects of their values."""

    bootstrap_servers: str
    registry_url: str
    prefix: str = field(default_factory=lambda: f"stream-{uuid4()}")

    def __post_init__(self) -> None:
        self.created = f"{self.prefix}-created"
        self.processed = f"{self.prefix}-processed"
        self.stats = f"{self.prefix}-stats"
        self.dlq = f"{self.prefix}-dlq"
        self._producer = Producer(
            {"bootstrap.servers": self.bootstrap_servers, "message.max.bytes": 3_000_000}
        )

    def create_topics(self) -> None:
        """Create the topics; the one for dead letters takes more than the others."""
        admin = AdminClient({"bootstrap.servers": self.bootstrap_servers})
        topics = [
            NewTopic(self.created, 2, 1, config={"max.message.bytes": "3000000"}),
            NewTopic(self.processed, 2, 1),
            NewTopic(self.stats, 1, 1),
            NewTopic(self.dlq, 1, 1, config={"max.message.bytes": "4000000"}),
        ]
        # By default it returns before there is anything.
        patience = {"operation_timeout": DEADLINE_SECONDS, "request_timeout": DEADLINE_SECONDS}
        for done in admin.create_topics(topics, **patience).values():
            done.result()

    def delete_topics(self) -> None:
        """Delete the topics."""
        AdminClient({"bootstrap.servers": self.bootstrap_servers}).delete_topics(
            [self.created, self.processed, self.stats, self.dlq]
        )

    def register(self, schemas: Schemas) -> tuple[int, int, int]:
        """Register the schemas; returns the ids of created, processed and stats."""
        return (
            register(self.registry_url, f"{self.created}-value", schemas.created),
            register(self.registry_url, f"{self.processed}-value", schemas.processed),
            register(self.registry_url, f"{self.stats}-value", schemas.stats),
        )

    def send(
        self,
        topic: str,
        records: Sequence[tuple[str | None, bytes | None]],
        headers: Mapping[str, bytes] | None = None,
    ) -> None:
        """Produce keys and values, each with the headers; returns when Kafka has them."""
        failures = []
        for key, value in records:
            self._producer.produce(
                topic,
                value,
                key,
                headers=headers and dict(headers),
                on_delivery=lambda error, _: failures.append(error),
            )
        self._producer.flush()
        assert not any(failures), failures

    def expire(self, topic: str) -> None:
        """Remove all records of a topic, as its retention does in the end."""
        admin = AdminClient({"bootstrap.servers": self.bootstrap_servers})
        partitions = admin.list_topics(topic).topics[topic].partitions
        removed = admin.delete_records([TopicPartition(topic, number, OFFSET_END) for number in partitions])
        for done in removed.values():
            done.result()

    def read(self, topic: str) -> list[Message]:
        """Everything in a topic by now."""
        consumer = Consumer(
            {
                "bootstrap.servers": self.bootstrap_servers,
                "group.id": self.prefix,
                "enable.partition.eof": True,
            }
        )
        try:
            partitions = [
                TopicPartition(topic, number, OFFSET_BEGINNING)
                for number in consumer.list_topics(topic).topics[topic].partitions
            ]
            consumer.assign(partitions)
            messages, ends = [], 0
            while ends < len(partitions):
                message = consumer.poll(DEADLINE_SECONDS)
                assert message is not None, f"no answer from {self.bootstrap_servers}"
                if message.error():
                    ends += 1
                else:
                    messages.append(message)
            return messages
        finally:
            consumer.close()

    def read_until(self, topic: str, enough: Callable[[list[Message]], bool]) -> list[Message]:
        """Everything in a topic as soon as it is enough."""

        def ask() -> list[Message] | None:
            messages = self.read(topic)
            return messages if enough(messages) else None

        return eventually(f"enough records in {topic}", ask)


def keys(messages: Sequence[Message]) -> list[str]:
    """The keys of messages as text."""
    return [message.key().decode() for message in messages]
