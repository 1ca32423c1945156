"""Confluent's wire format: a zero byte, the schema id as four bytes (big endian), Avro binary."""

from collections.abc import Mapping
from dataclasses import dataclass
from re import search

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.avro.functions import from_avro, to_avro

HEADER_BYTES = 5
LARGEST_SCHEMA_ID = 2**31 - 1
_UNDECIDED = "undecided schema id"


@dataclass(frozen=True)
class Writers:
    """The schemas that records may have been written with."""

    known: Mapping[int, str]
    """Writer schemas by id."""
    unknown: frozenset[int] = frozenset()
    """Ids of which the registry said that it does not know them."""


@dataclass(frozen=True)
class UndecidedId:
    """A schema id in neither set of `Writers`, which stopped a query."""

    schema_id: int
    timestamp_ms: int
    """When the record that carries it was published (Unix time in milliseconds)."""


def schema_id(value: Column) -> Column:
    """The schema id of a Kafka value; null when the value is null, too short or starts with another byte."""
    framed = (F.length(value) > HEADER_BYTES) & (F.substring(value, 1, 1) == F.lit(b"\x00"))
    return F.when(framed, F.conv(F.hex(F.substring(value, 2, 4)), 16, 10).cast("long"))


def decode(value: Column, sid: Column, timestamp: Column, writers: Writers, reader: str) -> Column:
    """The record in ``value`` as a struct of the ``reader`` schema.

    Every writer schema gets a branch of its own: Avro can only be read with the schema it was written with.
    Null when the id is null or unknown; a struct of nulls when the bytes do not fit the schema.

    Spark cannot ask the registry in the middle of a query. A record with an id that nobody has decided on
    stops the query instead, so that the driver asks (see `undecided_id`). Nothing is lost: the query started
    after that reads the record again.
    """
    body = F.substring(value, HEADER_BYTES + 1, LARGEST_SCHEMA_ID)
    options = {"mode": "PERMISSIVE", "avroSchema": reader}
    impossible = sid.isNull() | (sid > LARGEST_SCHEMA_ID)
    decoded = F.when(impossible, None)
    for writer_id, writer in sorted(writers.known.items()):
        # The inner condition matters: without it Spark may decode the bytes of all writers with this schema.
        written_so = sid == writer_id
        decoded = decoded.when(written_so, from_avro(F.when(written_so, body), writer, options))
    if writers.unknown:
        decoded = decoded.when(sid.isin(sorted(writers.unknown)), None)
    message = F.concat(
        F.lit(f"{_UNDECIDED} "), sid.cast("string"), F.lit(" at "), F.unix_millis(timestamp).cast("string")
    )
    return decoded.otherwise(F.raise_error(message))


def undecided_id(failure: str) -> UndecidedId | None:
    """The schema id that stopped a query, from its error message; None when something else stopped it."""
    found = search(rf"{_UNDECIDED} (\d+) at (-?\d+)", failure)
    return None if found is None else UndecidedId(int(found[1]), int(found[2]))


def encode(record: Column, writer_id: int, writer: str) -> Column:
    """A struct with the fields of ``writer`` as a Kafka value."""
    return F.concat(F.lit(b"\x00" + writer_id.to_bytes(4, "big")), to_avro(record, writer))
