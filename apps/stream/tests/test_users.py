"""Cleaning, enriching and judging users."""

from datetime import UTC, datetime
from typing import Any

from pyspark.sql import Column, Row, SparkSession
from pyspark.sql import functions as F

from records import STAGED_AT, USER_ID, VERSION
from stream import users

FIELDS = {
    "id": "string",
    "version": "long",
    "staged_at": "timestamp",
    "dob": "timestamp",
    "registered_date": "timestamp",
    "gender": "string",
    "email": "string",
    "nat": "string",
    **dict.fromkeys(users.TEXTS, "string"),
}


def each(spark: SparkSession, columns: dict[str, Column], *given: dict[str, Any]) -> list[Row]:
    """The columns for every given user; what a user does not give is null, but for what every user has."""
    rows = [
        ({"id": USER_ID, "version": VERSION, "staged_at": STAGED_AT, **user}, user.get("key", USER_ID))
        for user in given
    ]
    struct = ", ".join(f"{name}: {kind}" for name, kind in FIELDS.items())
    frame = spark.createDataFrame(
        [(tuple(user.get(name) for name in FIELDS), key) for user, key in rows],
        f"user struct<{struct}>, key string",
    )
    return frame.select(*(column.alias(name) for name, column in columns.items())).collect()


def cleaned(spark: SparkSession, **user: Any) -> Row:
    return each(spark, users.cleaned(F.col("user")), user)[0]


def enriched(spark: SparkSession, *given: dict[str, Any]) -> list[Row]:
    return each(spark, users.enriched(F.col("user")), *given)


def born(*date: int) -> dict[str, Any]:
    return {"dob": datetime(*date, tzinfo=UTC)}


def test_white_space_is_trimmed_and_collapsed_whatever_kind_it_is(spark: SparkSession):
    row = cleaned(
        spark, first_name="  Ana\u00a0\t Maria\n", address="1 \u2003 Main   Street ", city=" \u3000 "
    )
    assert (row.first_name, row.address, row.city) == ("Ana Maria", "1 Main Street", None)


def test_names_keep_their_case_and_codes_get_theirs(spark: SparkSession):
    row = cleaned(spark, last_name="van der McDonald", gender=" Male ", email=" Ada@Example.COM ", nat=" gb ")
    assert (row.last_name, row.gender) == ("van der McDonald", "male")
    assert (row.email, row.nat) == ("ada@example.com", "GB")


def test_identity_version_and_times_pass_unchanged(spark: SparkSession):
    unchanged = {name: F.col("user")[name] for name in users.PASSED_THROUGH}
    user = born(1931, 5, 6, 7, 8, 9)
    before, after = each(spark, unchanged, user)[0], cleaned(spark, **user)
    assert before.asDict() == {name: after[name] for name in users.PASSED_THROUGH}


def test_what_is_unknown_stays_unknown(spark: SparkSession):
    assert set(enriched(spark, {})[0]) == {None}
    known = {name for name, value in cleaned(spark).asDict().items() if value is not None}
    assert known == {"id", "version", "staged_at"}


def test_full_name(spark: SparkSession):
    both, first, last = enriched(
        spark,
        {"first_name": "Ada", "last_name": "Lovelace"},
        {"first_name": "Ada"},
        {"last_name": "Lovelace"},
    )
    assert (both.full_name, first.full_name, last.full_name) == ("Ada Lovelace", "Ada", "Lovelace")


def test_email_domain(spark: SparkSession):
    cases = {"ada@mail.example.com": "mail.example.com", "ada": None, "ada@": None, "a@b@example.com": None}
    rows = enriched(spark, *({"email": email} for email in cases))
    assert [row.email_domain for row in rows] == list(cases.values())


def test_country_code(spark: SparkSession):
    cases = {"DE": "DE", "DEU": None, "D1": None}
    rows = enriched(spark, *({"nat": nat} for nat in cases))
    assert [row.country_code for row in rows] == list(cases.values())


def test_age_counts_full_years_to_the_time_of_the_version(spark: SparkSession):
    cases = [
        (born(2008, 11, 21), 18, "18-24"),  # the birthday itself
        (born(2008, 11, 22), 17, "0-17"),  # the day before the birthday
        (born(2004, 2, 29), 22, "18-24"),
        (born(2026, 11, 21), 0, "0-17"),
        (born(1961, 1, 1), 65, "65+"),
        (born(1961, 12, 31), 64, "55-64"),
        (born(1896, 11, 21), 130, "65+"),
        # Ten years later.
        (born(1990, 1, 1) | {"version": VERSION + 10 * 365 * 86_400_000_000}, 46, "45-54"),
        # A version that is no time does not make anybody younger.
        (born(1990, 1, 1) | {"version": 7}, 36, "35-44"),
    ]
    rows = enriched(spark, *(user for user, _, _ in cases))
    assert [(row.age, row.age_group) for row in rows] == [(age, group) for _, age, group in cases]


def test_why_a_user_is_invalid(spark: SparkSession):
    cases = [
        ({}, None),
        (born(1896, 11, 21), None),
        ({"id": USER_ID.upper(), "key": USER_ID.upper()}, None),
        ({"id": "42", "key": "42"}, "UUID"),
        ({"id": "", "key": ""}, "UUID"),
        ({"id": f"{USER_ID}0", "key": f"{USER_ID}0"}, "UUID"),
        ({"key": "another"}, "key"),
        ({"key": None}, "key"),
        ({"version": 0}, "version"),
        ({"version": -1}, "version"),
        (born(2026, 11, 22), "after"),
        (born(1895, 11, 21), "130 years"),
    ]
    columns = {"invalid": users.invalid(F.col("user"), F.col("key").cast("binary"))}
    rows = each(spark, columns, *(user for user, _ in cases))
    for (user, word), row in zip(cases, rows, strict=True):
        assert row.invalid is None if word is None else word in row.invalid, user
