"""Records for the tests, encoded with another Avro implementation than Spark's."""

import io
import json
import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import fastavro
from pyspark.sql import DataFrame, SparkSession

USER_ID = "0b5c1b0e-5a43-4f0a-9a3e-3f1f4b0a7c11"
STAGED_AT = datetime(2026, 11, 21, 10, 20, 30, 456789, UTC)
VERSION = 1795256430456789
"""Microseconds of `STAGED_AT`."""
TIMESTAMP = datetime(2026, 11, 21, 10, 20, 31, tzinfo=UTC)
"""Kafka's timestamp of the records."""

SOURCE_COLUMNS = (
    "key binary, value binary, topic string, partition int, offset long, timestamp timestamp, "
    "headers array<struct<key: string, value: binary>>"
)


def user(**fields: Any) -> dict[str, Any]:
    """A valid ``UserCreated`` with the given fields."""
    return {
        "id": USER_ID,
        "version": VERSION,
        "staged_at": STAGED_AT,
        "first_name": "Ada",
        "last_name": "Lovelace",
        "gender": "female",
        "nat": "GB",
        "email": "ada@example.com",
        "dob": datetime(1990, 12, 10, tzinfo=UTC),
        **fields,
    }


def body(schema: str, record: dict[str, Any]) -> bytes:
    """Avro binary."""
    buffer = io.BytesIO()
    fastavro.schemaless_writer(buffer, fastavro.parse_schema(json.loads(schema)), record)
    return buffer.getvalue()


def wire(schema_id: int, schema: str, record: dict[str, Any]) -> bytes:
    """A Kafka value in the registry's wire format."""
    return b"\x00" + struct.pack(">I", schema_id) + body(schema, record)


def unwire(schema: str, value: bytes) -> tuple[int, dict[str, Any]]:
    """Schema id and record of a Kafka value; fails when bytes are left over."""
    assert value[0] == 0
    buffer = io.BytesIO(value[5:])
    record = fastavro.schemaless_reader(buffer, fastavro.parse_schema(json.loads(schema)))
    assert buffer.read() == b""
    return struct.unpack(">I", value[1:5])[0], record


def without(schema: str, *fields: str) -> str:
    """An older version of a schema: without some fields."""
    parsed = json.loads(schema)
    parsed["fields"] = [field for field in parsed["fields"] if field["name"] not in fields]
    return json.dumps(parsed)


def with_field(schema: str, name: str) -> str:
    """A newer version of a schema: with one more optional text."""
    parsed = json.loads(schema)
    parsed["fields"].append({"name": name, "type": ["null", "string"], "default": None})
    return json.dumps(parsed)


def source(
    spark: SparkSession,
    records: Sequence[tuple[str | None, bytes | None]],
    headers: Sequence[tuple[str, bytes]] | None = None,
) -> DataFrame:
    """Keys and values as the Kafka source gives them: topic users_created, partition 2, offsets from 40."""
    rows = [
        (key and key.encode(), value, "users_created", 2, 40 + number, TIMESTAMP, headers)
        for number, (key, value) in enumerate(records)
    ]
    return spark.createDataFrame(rows, SOURCE_COLUMNS)
