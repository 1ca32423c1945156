"""Turns records of the API into rows of staging.users, or into rejections with the reason. Pure functions."""

from __future__ import annotations

import hashlib
import json
import math
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

MAX_FIELD_BYTES = 10_000
"""Of one column, in UTF-8."""

MAX_RECORD_BYTES = 100_000
"""Of the whole record as JSON, in UTF-8; a usual one has about 1,200."""

MAX_DEPTH = 16
"""Of nesting; a usual record has 4."""

EARLIEST_DATE = datetime(1900, 1, 1, tzinfo=UTC)

LOGIN_SECRETS = frozenset({"password", "salt", "md5", "sha1", "sha256"})

REJECTED_TEXT_LENGTH = 1_000
"""Longer texts are cut in a rejection: it is kept to be read, and must not grow with what was wrong."""


class UserRow(NamedTuple):
    """One row of staging.users: the names and order are those of its columns."""

    id: str
    first_name: str | None
    last_name: str | None
    gender: str | None
    address: str | None
    post_code: str | None
    city: str | None
    state: str | None
    country: str | None
    nat: str | None
    email: str | None
    username: str | None
    phone: str | None
    picture: str | None
    dob: datetime | None
    registered_date: datetime | None
    raw: str
    """The record as JSON, without the secrets of its login."""


class Rejection(NamedTuple):
    """One row of staging.rejected: the names and order are those of its columns."""

    key: str
    """The same for the same user or record, so that rejecting it again adds nothing."""
    stage: str
    reason: str
    """All that is wrong, without personal data."""
    record: str
    """The record as JSON: without login secrets, long texts cut, characters replaced that cannot be stored.
    Where that is still too large, a JSON string with its beginning."""


class _Invalid(Exception):
    """One thing that is wrong with a record."""


def validate(record: Any, now: datetime) -> UserRow | Rejection:
    """Maps one record of the API, a value parsed from JSON. Never raises for anything wrong with the record.

    :param now: what the future is measured by; with time zone
    """
    record = _without_secrets(record)
    try:
        raw = _storable_json(record)
        return _row(record, raw, now)
    except _Invalid as error:
        return reject(record, str(error))


def reject(record: Any, reason: str) -> Rejection:
    """Makes the rejection of a record: by its user's id, or by a hash where it has no valid one."""
    text = json.dumps(_readable_copy(record), ensure_ascii=False)
    try:
        identity = _user_id(record)
    except _Invalid:
        identity = hashlib.sha256(text.encode()).hexdigest()
    if len(text) > MAX_RECORD_BYTES:
        text = json.dumps(_readable_text(text), ensure_ascii=False)
    return Rejection(f"fetch|{identity}", "fetch", reason, text)


def _row(record: Any, raw: str, now: datetime) -> UserRow:
    problems: list[str] = []

    def field(read: Callable[..., Any], *arguments: Any) -> Any:
        """The value that `read` gives for the record, or None and one more problem."""
        try:
            return read(record, *arguments)
        except _Invalid as error:
            problems.append(str(error))
            return None

    row = UserRow(
        id=field(_user_id),
        first_name=field(_text, "name.first"),
        last_name=field(_text, "name.last"),
        gender=field(_text, "gender"),
        address=field(_address),
        post_code=field(_text_or_number, "location.postcode"),
        city=field(_text, "location.city"),
        state=field(_text, "location.state"),
        country=field(_text, "location.country"),
        nat=field(_text, "nat"),
        email=field(_text, "email"),
        username=field(_text, "login.username"),
        phone=field(_text, "phone"),
        picture=field(_text, "picture.medium"),
        dob=field(_date, "dob.date", now),
        registered_date=field(_date, "registered.date", now),
        raw=raw,
    )
    if row.dob and row.registered_date and row.registered_date < row.dob:
        problems.append("registered.date is before dob.date")
    if problems:
        raise _Invalid("; ".join(problems))
    return row


def _user_id(record: Any) -> str:
    text = _text(record, "login.uuid")
    if text is None:
        raise _Invalid("login.uuid is missing")
    try:
        canonical = str(uuid.UUID(text))
    except ValueError:
        canonical = None
    # UUID() also takes braces, a urn: prefix and no hyphens: one user must not have two spellings.
    if canonical != text.lower():
        raise _Invalid("login.uuid is not a UUID")
    return canonical


def _address(record: Any) -> str | None:
    parts = [_text_or_number(record, "location.street.number"), _text(record, "location.street.name")]
    address = " ".join(part for part in parts if part)
    return _limited(address, "location.street") or None


def _text_or_number(record: Any, path: str) -> str | None:
    value = _get(record, path)
    if isinstance(value, int) and not isinstance(value, bool):
        return _limited(str(value), path)
    return _text(record, path)


def _text(record: Any, path: str) -> str | None:
    value = _get(record, path)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _Invalid(f"{path} is of type {type(value).__name__}")
    return _limited(value, path)


def _date(record: Any, path: str, now: datetime) -> datetime | None:
    text = _text(record, path)
    if text is None:
        return None
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        raise _Invalid(f"{path} is not an ISO 8601 date") from None
    if date.tzinfo is None:
        raise _Invalid(f"{path} has no time zone")
    if date < EARLIEST_DATE:
        raise _Invalid(f"{path} is before {EARLIEST_DATE.year}")
    if date > now:
        raise _Invalid(f"{path} is in the future")
    return date


def _get(record: Any, path: str) -> Any:
    """The value at a dotted path; None where something on the way is missing or null."""
    value = record
    walked: list[str] = []
    for name in path.split("."):
        if value is None:
            return None
        if not isinstance(value, dict):
            raise _Invalid(f"{'.'.join(walked) or 'the record'} is of type {type(value).__name__}")
        value = value.get(name)
        walked.append(name)
    return value


def _limited(text: str, path: str) -> str:
    size = len(text.encode(errors="surrogatepass"))
    if size > MAX_FIELD_BYTES:
        raise _Invalid(f"{path} has {size} bytes, more than {MAX_FIELD_BYTES}")
    return text


def _without_secrets(record: Any) -> Any:
    if not isinstance(record, dict) or not isinstance(record.get("login"), dict):
        return record
    login = {name: value for name, value in record["login"].items() if name not in LOGIN_SECRETS}
    return {**record, "login": login}


def _storable_json(record: Any) -> str:
    """The record as JSON that jsonb takes.

    :raises _Invalid: PostgreSQL has no NUL character, no half of a surrogate pair, no infinity
    """
    _check_texts(record, 0)
    try:
        text = json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError:
        raise _Invalid("the record has a number that is not finite") from None
    size = len(text.encode())
    if size > MAX_RECORD_BYTES:
        raise _Invalid(f"the record has {size} bytes, more than {MAX_RECORD_BYTES}")
    return text


def _check_texts(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _Invalid(f"the record is nested more than {MAX_DEPTH} deep")
    if isinstance(value, str):
        if "\0" in value or not _is_unicode(value):
            raise _Invalid("the record has a character that PostgreSQL cannot store")
    elif isinstance(value, dict):
        for name, item in value.items():
            _check_texts(name, depth)
            _check_texts(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check_texts(item, depth + 1)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _readable_copy(value: Any, depth: int = 0) -> Any:
    """A copy that can be stored whatever was in it: small, and of storable characters."""
    if depth > MAX_DEPTH:
        return "…"
    if isinstance(value, str):
        return _readable_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {_readable_text(name): _readable_copy(item, depth + 1) for name, item in value.items()}
    if isinstance(value, list):
        return [_readable_copy(item, depth + 1) for item in value]
    return value


def _readable_text(text: str) -> str:
    cut = text[:REJECTED_TEXT_LENGTH].replace("\0", "\ufffd").encode(errors="replace").decode()
    return cut if len(text) <= REJECTED_TEXT_LENGTH else f"{cut}… ({len(text)} characters)"
