"""Reading and writing the registry's wire format."""

import pytest
from pyspark.errors import PySparkException
from pyspark.sql import Row, SparkSession
from pyspark.sql import functions as F

from records import TIMESTAMP, USER_ID, VERSION, source, unwire, user, wire, with_field, without
from stream import wire_format
from stream.queries import Schemas
from stream.wire_format import Writers


def decode(spark: SparkSession, writers: Writers, reader: str, *values: bytes | None) -> list[Row | None]:
    records = source(spark, [(None, value) for value in values])
    sid = wire_format.schema_id(F.col("value"))
    decoded = wire_format.decode(F.col("value"), sid, F.col("timestamp"), writers, reader)
    return [row.user for row in records.select(decoded.alias("user")).collect()]


@pytest.mark.parametrize(
    ("value", "schema_id"),
    [
        (b"\x00\x00\x00\x00\x07x", 7),
        (b"\x00\x01\x02\x03\x04x", 0x01020304),
        (b"\x00\xff\xff\xff\xffx", 0xFFFFFFFF),
        (b"\x00\x00\x00\x00\x07", None),
        (b"\x01\x00\x00\x00\x07x", None),
        (b"{}", None),
        (b"", None),
        (None, None),
    ],
)
def test_schema_id(spark: SparkSession, value: bytes | None, schema_id: int | None):
    row = source(spark, [(None, value)]).select(wire_format.schema_id(F.col("value"))).head()
    assert row[0] == schema_id


def test_every_record_is_read_with_the_schema_it_was_written_with(spark: SparkSession, schemas: Schemas):
    # first_name comes before most other fields: reading an old record as a new one shifts all of them.
    old, new = without(schemas.created, "first_name"), with_field(schemas.created, "nickname")
    writers = Writers({1: old, 2: schemas.created, 12: new})
    rows = decode(
        spark,
        writers,
        schemas.created,
        wire(1, old, user()),
        wire(12, new, user(nickname="countess")),
        wire(2, schemas.created, user()),
        wire(1, old, user()),
    )
    assert [(row.first_name, row.last_name, row.version) for row in rows] == [
        (None, "Lovelace", VERSION),
        ("Ada", "Lovelace", VERSION),
        ("Ada", "Lovelace", VERSION),
        (None, "Lovelace", VERSION),
    ]
    assert "nickname" not in rows[1]


def test_an_id_that_the_registry_does_not_know_decodes_to_nothing(spark: SparkSession, schemas: Schemas):
    writers = Writers({2: schemas.created}, frozenset({99}))
    good, unknown = decode(
        spark, writers, schemas.created, wire(2, schemas.created, user()), wire(99, schemas.created, user())
    )
    assert good.id == USER_ID
    assert unknown is None


def test_an_id_that_cannot_exist_decodes_to_nothing(spark: SparkSession, schemas: Schemas):
    assert decode(spark, Writers({2: schemas.created}), schemas.created, b"\x00\xff\xff\xff\xffx") == [None]


def test_an_undecided_id_stops_the_query_and_says_which_and_since_when(spark: SparkSession, schemas: Schemas):
    with pytest.raises(PySparkException) as error:
        decode(spark, Writers({2: schemas.created}), schemas.created, wire(77, schemas.created, user()))
    undecided = wire_format.undecided_id(str(error.value))
    assert undecided == wire_format.UndecidedId(77, int(TIMESTAMP.timestamp() * 1000))


def test_other_failures_name_no_id():
    assert wire_format.undecided_id("Job aborted due to stage failure: 42 at 43") is None


def test_what_is_encoded_can_be_read_by_others(spark: SparkSession, schemas: Schemas):
    counted = spark.sql(
        "select timestamp'2026-11-21 10:20' minute, 'GB' country_code, 'female' gender, 3L count, 9L version"
    )
    value = counted.select(wire_format.encode(F.struct("*"), 0x01020304, schemas.stats)).head()[0]
    schema_id, record = unwire(schemas.stats, bytes(value))
    assert schema_id == 0x01020304
    assert record["minute"].isoformat() == "2026-11-21T10:20:00+00:00"
    assert (record["country_code"], record["gender"], record["count"], record["version"]) == (
        "GB",
        "female",
        3,
        9,
    )
