from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample import record
from user_pipeline.records import MAX_FIELD_BYTES, MAX_RECORD_BYTES, Rejection, UserRow, validate

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def accepted(changed: Any) -> UserRow:
    result = validate(changed, NOW)
    assert isinstance(result, UserRow), result
    return result


def rejected(changed: Any) -> Rejection:
    result = validate(changed, NOW)
    assert isinstance(result, Rejection), result
    return result


def test_maps_a_record_to_a_row():
    row = accepted(record())
    assert row._replace(raw="") == UserRow(
        id="7a0eed16-9430-4d68-901f-c0d4c1c3bf00",
        first_name="Zoë",
        last_name="Nuñez",
        gender="female",
        address="8929 Valwood Pkwy",
        post_code="63104",
        city="Billings",
        state="Michigan",
        country="United States",
        nat="US",
        email="zoe.nunez@example.com",
        username="yellowpeacock117",
        phone="(272) 790-0888",
        picture="https://randomuser.me/api/portraits/med/women/75.jpg",
        dob=datetime(1992, 3, 8, 15, 13, 16, 688_000, UTC),
        registered_date=datetime(2007, 7, 9, 5, 51, 59, 390_000, UTC),
        raw="",
    )


def test_keeps_the_record_without_the_secrets_of_its_login():
    expected = record()
    expected["login"] = {name: expected["login"][name] for name in ("uuid", "username")}
    assert json.loads(accepted(record()).raw) == expected


def test_the_secrets_are_not_in_rejections_either():
    text = rejected(record(dob__date="2999-01-01T00:00:00Z")).record
    assert "addison" not in text and "sld1yGtd" not in text


def test_what_is_missing_is_null():
    row = accepted({"login": {"uuid": record()["login"]["uuid"]}, "name": None, "dob": {"date": None}})
    assert all(value is None for value in row[1:-1])


@pytest.mark.parametrize(
    ("given_code", "stored"), [(63104, "63104"), ("EC1A 1BB", "EC1A 1BB"), ("0815", "0815")]
)
def test_postcodes_are_numbers_or_texts(given_code: int | str, stored: str):
    assert accepted(record(location__postcode=given_code)).post_code == stored


@pytest.mark.parametrize(
    ("street", "address"),
    [
        ({"number": "7b", "name": "Lane"}, "7b Lane"),
        ({"name": "Lane"}, "Lane"),
        ({"number": 7}, "7"),
        ({}, None),
    ],
)
def test_an_address_is_number_and_name(street: dict, address: str | None):
    assert accepted(record(location__street=street)).address == address


def test_ids_have_one_spelling():
    assert (
        accepted(record(login__uuid="7A0EED16-9430-4D68-901F-C0D4C1C3BF00")).id == record()["login"]["uuid"]
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"login__uuid": None}, "login.uuid is missing"),
        ({"login__uuid": ""}, "login.uuid is not a UUID"),
        ({"login__uuid": "{7a0eed16-9430-4d68-901f-c0d4c1c3bf00}"}, "login.uuid is not a UUID"),
        ({"login__uuid": "7a0eed1694304d68901fc0d4c1c3bf00"}, "login.uuid is not a UUID"),
        ({"login__uuid": 7}, "login.uuid is of type int"),
        ({"login": None}, "login.uuid is missing"),
        ({"login": "zoe"}, "login is of type str; login is of type str"),
        ({"name": ["Zoë"]}, "name is of type list; name is of type list"),
        ({"name__first": 5}, "name.first is of type int"),
        ({"location__postcode": True}, "location.postcode is of type bool"),
        ({"location__street": "8929 Valwood Pkwy"}, "location.street is of type str"),
        ({"dob__date": "2026-11-21T00:00:00.001Z"}, "dob.date is in the future"),
        ({"dob__date": "1899-12-31T23:59:59Z"}, "dob.date is before 1900"),
        ({"dob__date": "0001-01-01T00:00:00+14:00"}, "dob.date is before 1900"),
        ({"dob__date": "9999-12-31T23:59:59-14:00"}, "dob.date is in the future"),
        ({"dob__date": "yesterday"}, "dob.date is not an ISO 8601 date"),
        ({"dob__date": "1992-02-30T00:00:00Z"}, "dob.date is not an ISO 8601 date"),
        ({"dob__date": "1992-03-08T15:13:16"}, "dob.date has no time zone"),
        ({"dob__date": 699290000}, "dob.date is of type int"),
        ({"registered__date": "1992-03-08T15:13:16Z"}, "registered.date is before dob.date"),
        ({"registered__date": "2027-01-01T00:00:00Z"}, "registered.date is in the future"),
        ({"email": "a" * 10_001}, "email has 10001 bytes, more than 10000"),
        ({"email": "é" * 5_001}, "email has 10002 bytes, more than 10000"),
        ({"location__street__name": "a" * 9_996}, "location.street has 10001 bytes, more than 10000"),
        ({"phone": "1\x002"}, "the record has a character that PostgreSQL cannot store"),
        ({"cell": "\ud800"}, "the record has a character that PostgreSQL cannot store"),
        ({"id": {"\x00": 1}}, "the record has a character that PostgreSQL cannot store"),
        ({"login__uuid": "\ud800"}, "the record has a character that PostgreSQL cannot store"),
        ({"id": float("nan")}, "the record has a number that is not finite"),
        ({"id": json.loads("1e999")}, "the record has a number that is not finite"),
        ({"id": json.loads("[" * 50 + "]" * 50)}, "the record is nested more than 16 deep"),
    ],
)
def test_a_bad_record_is_rejected_with_its_reason(changes: dict, reason: str):
    assert rejected(record(**changes)).reason == reason


def test_all_that_is_wrong_is_said():
    changed = record(gender=1, dob__date="2999-01-01T00:00:00Z")
    assert rejected(changed).reason == "gender is of type int; dob.date is in the future"


@pytest.mark.parametrize("value", [None, 7, "zoe", [], ["zoe"], True])
def test_what_is_no_record_at_all_is_rejected(value: Any):
    assert (
        "login.uuid is missing" in rejected(value).reason or "the record is of type" in rejected(value).reason
    )


@pytest.mark.parametrize("path", ["email", "login__notes"])
def test_a_field_of_2_mb_is_rejected_and_cut(path: str):
    rejection = rejected(record(**{path: "x" * 2_000_000}))
    assert "bytes, more than" in rejection.reason
    assert len(rejection.record) < 5_000
    assert "xxx… (2000000 characters)" in rejection.record


def test_limits_are_inclusive():
    assert accepted(record(email="a" * MAX_FIELD_BYTES))
    size = len(accepted(record(cell="")).raw.encode())
    assert accepted(record(cell="a" * (MAX_RECORD_BYTES - size)))
    assert "the record has" in rejected(record(cell="a" * (MAX_RECORD_BYTES - size + 1))).reason


def test_a_record_of_many_items_is_cut_too():
    assert len(rejected(record(id=list(range(100_000)))).record) < 2_000


def test_a_rejection_is_known_by_the_users_id():
    first, second = rejected(record(gender=1)), rejected(record(gender=2))
    assert first.key == second.key == "fetch|7a0eed16-9430-4d68-901f-c0d4c1c3bf00"


def test_a_rejection_without_id_is_known_by_its_content():
    first, second = (rejected(record(login__uuid=None, cell=cell)) for cell in ("1", "2"))
    assert first.key != second.key
    assert first == rejected(record(login__uuid=None, cell="1"))
    assert first.key.startswith("fetch|") and len(first.key) == len("fetch|") + 64


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.datetimes().map(str),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(), max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)
PATHS = ["gender", "name", "name__first", "location", "location__street", "location__postcode", "login"]
PATHS += ["login__uuid", "dob", "dob__date", "registered__date", "picture", "nat", "id"]


@given(st.one_of(JSON, st.builds(lambda path, value: record(**{path: value}), st.sampled_from(PATHS), JSON)))
def test_nothing_raises_and_everything_can_be_stored(value: Any):
    result = validate(value, NOW)
    texts = [text for text in result if isinstance(text, str)]
    assert not any("\0" in text for text in texts)
    for text in texts:
        text.encode()
    document = result.raw if isinstance(result, UserRow) else result.record
    json.loads(document, parse_constant=lambda constant: pytest.fail(f"{constant} is not JSON"))
    assert validate(value, NOW) == result


@given(st.datetimes(timezones=st.timezones()))
def test_every_accepted_date_is_between_1900_and_now(date: datetime):
    result = validate(record(dob__date=date.isoformat(), registered__date=None), NOW)
    if isinstance(result, UserRow):
        assert datetime(1900, 1, 1, tzinfo=UTC) <= result.dob <= NOW
    else:
        assert not datetime(1900, 1, 2, tzinfo=UTC) < date < NOW - timedelta(days=1)
