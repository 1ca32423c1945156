"""The client against a real Schema Registry."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace
from uuid import uuid4

import pytest

from records import with_field
from servers import register
from stream.queries import Schemas
from stream.registry import RegistryUnavailableError, SchemaRegistry


@pytest.fixture
def subject() -> str:
    return f"stream-{uuid4()}-value"


def test_a_subject_has_every_version_by_id(services: SimpleNamespace, schemas: Schemas, subject: str):
    registry = SchemaRegistry(services.registry)
    newer = with_field(schemas.created, "nickname")
    assert registry.writers(subject) == {}
    first = register(services.registry, subject, schemas.created)
    second = register(services.registry, subject, newer)
    writers = registry.writers(subject)
    assert writers.keys() == {first, second}
    assert "nickname" in writers[second] and "nickname" not in writers[first]


def test_the_id_of_a_schema_is_looked_up_and_never_registered(
    services: SimpleNamespace, schemas: Schemas, subject: str
):
    registry = SchemaRegistry(services.registry)
    assert registry.id_of(subject, schemas.stats) is None
    assert registry.writers(subject) == {}
    number = register(services.registry, subject, schemas.stats)
    assert registry.id_of(subject, schemas.stats) == number
    assert registry.id_of(subject, with_field(schemas.stats, "nickname")) is None


def test_a_schema_by_its_id(services: SimpleNamespace, schemas: Schemas, subject: str):
    registry = SchemaRegistry(services.registry)
    number = register(services.registry, subject, schemas.stats)
    assert "UserStats" in (registry.schema(number) or "")
    assert registry.schema(2_000_000_000) is None


def test_a_registry_that_is_away_is_not_a_registry_that_does_not_know(schemas: Schemas):
    with socket.create_server(("localhost", 0)) as closed:
        address = closed.getsockname()
    with pytest.raises(RegistryUnavailableError):
        SchemaRegistry(f"http://localhost:{address[1]}").schema(1)


@pytest.fixture
def proxy() -> Iterator[str]:
    """A proxy in front of a registry that is not there yet: it answers 404, but not as a registry."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("localhost", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


def test_a_404_that_is_not_the_registrys_is_no_answer(proxy: str):
    with pytest.raises(RegistryUnavailableError, match="404"):
        SchemaRegistry(proxy).schema(1)
