"""The few questions this job asks the Schema Registry. It never registers anything."""

import json
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.parse import quote

from stream.backoff import NotYetError

REQUEST_TIMEOUT_SECONDS = 10


class RegistryUnavailableError(NotYetError):
    """The registry did not answer, or not in a way that answers the question. Ask again later."""


class SchemaRegistry:
    """A client of the Confluent Schema Registry's HTTP API."""

    def __init__(self, url: str) -> None:
        self._url = url

    def id_of(self, subject: str, schema: str) -> int | None:
        """The id of ``schema`` under ``subject``, None when it is not registered there."""
        answer = self._request(f"/subjects/{quote(subject)}", {"schema": schema})
        return None if answer is None else answer["id"]

    def writers(self, subject: str) -> dict[int, str]:
        """Every schema ever registered under ``subject``, by id; empty when there is no such subject."""
        path = f"/subjects/{quote(subject)}/versions"
        versions = [self._request(f"{path}/{number}") for number in self._request(path) or []]
        return {version["id"]: version["schema"] for version in versions if version is not None}

    def schema(self, schema_id: int) -> str | None:
        """The schema with this id, None when the registry does not know the id."""
        answer = self._request(f"/schemas/ids/{schema_id}")
        return None if answer is None else answer["schema"]

    def _request(self, path: str, body: dict[str, str] | None = None) -> Any:
        """The answer as JSON, None when the registry says that what was asked for does not exist."""
        request = urllib.request.Request(
            self._url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/vnd.schemaregistry.v1+json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=REQUEST_TIMEOUT_SECONDS) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            if error.code == 404 and _is_registry_error(error):
                return None
            raise RegistryUnavailableError(f"{self._url}{path} answered {error.code}") from error
        except (OSError, HTTPException, ValueError) as error:
            raise RegistryUnavailableError(f"{self._url}{path}: {error}") from error


def _is_registry_error(error: urllib.error.HTTPError) -> bool:
    """Whether a 404 comes from the registry itself (it carries a code such as 40403).

    A proxy in front of a registry that is starting answers 404 too. Taking that for "no such schema"
    would turn good records into dead letters.
    """
    try:
        return str(json.load(error)["error_code"]).startswith("404")
    except (ValueError, KeyError, TypeError):
        return False
