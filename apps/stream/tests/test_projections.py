"""What becomes of records: processed users, dead letters, counts."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pyspark.sql import Row, SparkSession

from records import STAGED_AT, TIMESTAMP, USER_ID, VERSION, body, source, unwire, user, wire, without
from stream import projections
from stream.projections import Output
from stream.queries import Schemas
from stream.wire_format import Writers

CREATED, OLD_CREATED, PROCESSED, STATS, UNKNOWN = 3, 1, 4, 5, 99
LARGEST_VALUE = 2000


def process(
    spark: SparkSession,
    schemas: Schemas,
    *records: tuple[str | None, bytes | None],
    headers: Sequence[tuple[str, bytes]] | None = None,
) -> list[Row]:
    old = without(schemas.created, "picture")
    writers = Writers({CREATED: schemas.created, OLD_CREATED: old}, frozenset({UNKNOWN}))
    output = Output("users_processed", PROCESSED, schemas.processed, LARGEST_VALUE)
    rows = projections.process(source(spark, records, headers), writers, schemas.created, output, "users_dlq")
    assert rows.columns == ["topic", "key", "value", "headers"]
    return rows.collect()


def count(spark: SparkSession, schemas: Schemas, *users: dict) -> dict[str, dict]:
    """Counts of processed users, by the key of their records."""
    records = source(spark, [(one["id"], wire(PROCESSED, schemas.processed, one)) for one in users])
    writers = Writers({PROCESSED: schemas.processed}, frozenset({UNKNOWN}))
    countable = projections.countable(records, writers, schemas.processed)
    rows = projections.count(countable, Output("user_stats", STATS, schemas.stats, LARGEST_VALUE)).collect()
    assert all(row.topic == "user_stats" for row in rows)
    decoded = {bytes(row.key).decode(): unwire(schemas.stats, bytes(row.value)) for row in rows}
    assert all(schema_id == STATS for schema_id, _ in decoded.values())
    return {key: record for key, (_, record) in decoded.items()}


def test_a_user_is_cleaned_enriched_and_addressed(spark: SparkSession, schemas: Schemas):
    value = wire(CREATED, schemas.created, user(first_name=" Ada ", email="Ada@Example.com", nat="gb"))
    (row,) = process(spark, schemas, (USER_ID, value))
    assert (row.topic, bytes(row.key), row.headers) == ("users_processed", USER_ID.encode(), None)
    schema_id, record = unwire(schemas.processed, bytes(row.value))
    assert schema_id == PROCESSED
    assert record == {
        **dict.fromkeys(field["name"] for field in json.loads(schemas.processed)["fields"]),
        **user(first_name="Ada", email="ada@example.com", nat="GB"),
        "full_name": "Ada Lovelace",
        "age": 35,
        "age_group": "35-44",
        "email_domain": "example.com",
        "country_code": "GB",
    }


def test_users_of_old_and_new_writers_are_processed_side_by_side(spark: SparkSession, schemas: Schemas):
    old, new = str(uuid4()), str(uuid4())
    rows = process(
        spark,
        schemas,
        (old, wire(OLD_CREATED, without(schemas.created, "picture"), user(id=old))),
        (new, wire(CREATED, schemas.created, user(id=new, picture="https://example.com/1.jpg"))),
    )
    records = [unwire(schemas.processed, bytes(row.value))[1] for row in rows]
    assert [(record["id"], record["picture"], record["full_name"]) for record in records] == [
        (old, None, "Ada Lovelace"),
        (new, "https://example.com/1.jpg", "Ada Lovelace"),
    ]


def damaged(schemas: Schemas) -> dict[str, tuple[str | None, bytes | None, str, str]]:
    """By what is wrong with a record: its key and value, the class of the error, a word of the reason."""
    good = wire(CREATED, schemas.created, user())
    # In Avro a length is a zigzag varint: these bytes announce a text of two thousand million characters.
    endless = good[:5] + b"\x80\xd0\xac\xf3\x0e" + b"x"
    return {
        "no value": (USER_ID, None, "decode", "no value"),
        "empty": (USER_ID, b"", "decode", "wire format"),
        "too short": (USER_ID, good[:5], "decode", "wire format"),
        "JSON": (USER_ID, b'{"id": "42"}', "decode", "wire format"),
        "unknown id": (USER_ID, wire(UNKNOWN, schemas.created, user()), "decode", "does not know"),
        "impossible id": (USER_ID, b"\x00\xff\xff\xff\xff" + good[5:], "decode", "does not know"),
        "cut off": (USER_ID, good[:40], "decode", "do not fit"),
        "noise": (USER_ID, good[:5] + bytes(range(255, 155, -1)), "decode", "do not fit"),
        "an endless text": (USER_ID, endless, "decode", "do not fit"),
        "no UUID": ("42", wire(CREATED, schemas.created, user(id="42")), "validation", "UUID"),
        "another key": (str(uuid4()), good, "validation", "key"),
        "no key": (None, good, "validation", "key"),
        "no version": (USER_ID, wire(CREATED, schemas.created, user(version=0)), "validation", "version"),
        "born tomorrow": (
            USER_ID,
            wire(CREATED, schemas.created, user(dob=STAGED_AT + timedelta(days=1))),
            "validation",
            "after",
        ),
        "born in the year 1": (
            USER_ID,
            wire(CREATED, schemas.created, user(dob=datetime(1, 1, 1, tzinfo=UTC))),
            "validation",
            "130 years",
        ),
        "too large": (
            USER_ID,
            wire(CREATED, schemas.created, user(address="x" * LARGEST_VALUE)),
            "validation",
            "larger",
        ),
    }


def test_each_kind_of_damage_is_a_dead_letter_and_only_that(spark: SparkSession, schemas: Schemas):
    cases = damaged(schemas)
    good = (USER_ID, wire(CREATED, schemas.created, user()))
    rows = process(spark, schemas, good, *((key, value) for key, value, _, _ in cases.values()), good)
    assert [row.topic for row in rows] == ["users_processed", *["users_dlq"] * len(cases), "users_processed"]
    for (name, (key, value, error_class, word)), row, offset in zip(
        cases.items(), rows[1:-1], range(41, 41 + len(cases)), strict=True
    ):
        assert bytes(row.key).decode() == f"stream|users_created|2|{offset}", name
        assert (None if row.value is None else bytes(row.value)) == value, name
        headers = {header.key: bytes(header.value).decode() for header in row.headers}
        assert word in headers.pop("dlq.reason"), name
        assert datetime.fromisoformat(headers.pop("dlq.time")) > TIMESTAMP - timedelta(days=365), name
        schema_id = headers.pop("dlq.schema.id", None)
        assert (schema_id is None) == (value is None or len(value) < 6 or value[0] != 0), name
        assert headers == {
            "dlq.stage": "stream",
            "dlq.error.class": error_class,
            "dlq.topic": "users_created",
            "dlq.partition": "2",
            "dlq.offset": str(offset),
            **({} if key is None else {"dlq.key": key}),
        }, name


@pytest.mark.parametrize(
    ("headers", "key"),
    [
        ([("dlq.replay", b"stream|users_created|0|7")], "stream|users_created|0|7"),
        ([("trace", b"1"), ("dlq.replay", b"stream|users_created|0|7")], "stream|users_created|0|7"),
        ([("dlq.replay", b"sink|users_processed|0|7")], "stream|users_created|2|40"),
        ([("dlq.replay", b"stream|users_created|0|7|8")], "stream|users_created|2|40"),
        ([("dlq.replay", b"\xff")], "stream|users_created|2|40"),
        ([("trace", b"1")], "stream|users_created|2|40"),
    ],
)
def test_what_was_sent_again_and_fails_again_is_the_same_letter(
    spark: SparkSession, schemas: Schemas, headers: list[tuple[str, bytes]], key: str
):
    (row,) = process(spark, schemas, (USER_ID, b"?"), headers=headers)
    assert bytes(row.key).decode() == key
    told = {header.key: bytes(header.value).decode() for header in row.headers}
    assert "|".join(told[f"dlq.{part}"] for part in ("stage", "topic", "partition", "offset")) == key


def test_what_was_sent_again_and_is_good_is_a_user(spark: SparkSession, schemas: Schemas):
    good = (USER_ID, wire(CREATED, schemas.created, user()))
    (row,) = process(spark, schemas, good, headers=[("dlq.replay", b"stream|users_created|0|7")])
    assert (row.topic, bytes(row.key), row.headers) == ("users_processed", USER_ID.encode(), None)


def test_a_dead_letter_tells_nothing_about_the_person(spark: SparkSession, schemas: Schemas):
    value = wire(CREATED, schemas.created, user(dob=datetime(1712, 6, 28, tzinfo=UTC)))
    (row,) = process(spark, schemas, (USER_ID, value))
    told = " ".join(bytes(header.value).decode() for header in row.headers if header.key != "dlq.key")
    for secret in ("Ada", "Lovelace", "ada@example.com", "1712", USER_ID):
        assert secret not in told


def test_a_date_that_does_not_fit_a_timestamp_is_a_dead_letter(spark: SparkSession, schemas: Schemas):
    # As a plain long, since no library makes a date of it.
    plain = schemas.created.replace('{"type": "long", "logicalType": "timestamp-millis"}', '"long"')
    value = b"\x00\x00\x00\x00" + bytes([CREATED]) + body(plain, user(dob=2**62, registered_date=0))
    (row,) = process(spark, schemas, (USER_ID, value))
    assert (row.topic, bytes(row.value)) == ("users_dlq", value)


def processed(**fields: object) -> dict:
    """A valid ``UserProcessed`` with an id of its own."""
    return {**user(id=str(uuid4())), "country_code": "GB", **fields}


def test_users_are_counted_by_the_minute_country_and_gender_of_their_staging(
    spark: SparkSession, schemas: Schemas
):
    later = STAGED_AT + timedelta(minutes=1)
    counts = count(
        spark,
        schemas,
        processed(version=VERSION + 5),
        processed(version=VERSION + 9),
        processed(gender="male"),
        processed(staged_at=later),
        processed(country_code=None, gender=None),
    )
    assert {key: (record["count"], record["version"]) for key, record in counts.items()} == {
        "2026-11-21T10:20Z|GB|female": (2, VERSION + 9),
        "2026-11-21T10:20Z|GB|male": (1, VERSION),
        "2026-11-21T10:21Z|GB|female": (1, VERSION),
        "2026-11-21T10:20Z|ZZ|unknown": (1, VERSION),
    }
    record = counts["2026-11-21T10:20Z|GB|female"]
    assert record["minute"] == datetime(2026, 11, 21, 10, 20, tzinfo=UTC)
    assert (record["country_code"], record["gender"]) == ("GB", "female")


@pytest.mark.parametrize("ahead", [timedelta(minutes=6), timedelta(hours=23), timedelta(days=400)])
def test_a_time_ahead_of_its_record_is_not_counted(spark: SparkSession, schemas: Schemas, ahead: timedelta):
    wrong = processed(staged_at=TIMESTAMP + ahead)
    assert list(count(spark, schemas, wrong, processed())) == ["2026-11-21T10:20Z|GB|female"]


def test_a_time_a_little_ahead_of_its_record_is_counted(spark: SparkSession, schemas: Schemas):
    assert len(count(spark, schemas, processed(staged_at=TIMESTAMP + timedelta(minutes=4)), processed())) == 2


def test_what_cannot_be_read_is_not_counted(spark: SparkSession, schemas: Schemas):
    good = processed()
    records = source(
        spark,
        [
            (good["id"], wire(PROCESSED, schemas.processed, good)),
            (good["id"], wire(PROCESSED, schemas.processed, good)[:30]),
            (good["id"], wire(UNKNOWN, schemas.processed, good)),
            (good["id"], b"?"),
            (good["id"], None),
        ],
    )
    writers = Writers({PROCESSED: schemas.processed}, frozenset({UNKNOWN}))
    (one,) = projections.countable(records, writers, schemas.processed).collect()
    assert one.id == good["id"]
