"""What a user must be, and what becomes of one: pure functions from columns to columns."""

from pyspark.sql import Column
from pyspark.sql import functions as F

UUID = "(?i)^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
OLDEST_AGE = 130
"""Years; nobody has become older than 122."""
AGE_GROUPS = ((18, "0-17"), (25, "18-24"), (35, "25-34"), (45, "35-44"), (55, "45-54"), (65, "55-64"))
"""Upper limit (exclusive) and name of each age group; older users are in the last group."""
LAST_AGE_GROUP = "65+"

PASSED_THROUGH = ("id", "version", "staged_at", "dob", "registered_date")
# Names keep their case: initcap would make "Mcdonald" of McDonald and "Van Der Berg" of van der Berg.
TEXTS = (
    "first_name",
    "last_name",
    "address",
    "post_code",
    "city",
    "state",
    "country",
    "username",
    "phone",
    "picture",
)


def cleaned(user: Column) -> dict[str, Column]:
    """The fields of a ``UserCreated`` struct, normalised.

    Text: white space trimmed and collapsed, null when nothing is left. E-mail and gender lower case,
    nationality upper case. What identifies and orders a user passes unchanged.
    """
    return {
        **{name: user[name] for name in PASSED_THROUGH},
        **{name: _text(user[name]) for name in TEXTS},
        "gender": F.lower(_text(user["gender"])),
        "email": F.lower(_text(user["email"])),
        "nat": F.upper(_text(user["nat"])),
    }


def enriched(user: Column) -> dict[str, Column]:
    """What is derived from a struct of `cleaned` fields."""
    age = age_in_years(user)
    age_group = F.when(age.isNull(), None)
    for limit, group in AGE_GROUPS:
        age_group = age_group.when(age < limit, group)
    return {
        # concat_ws skips nulls; a user without both names has no full name rather than an empty one.
        "full_name": F.nullif(F.concat_ws(" ", user["first_name"], user["last_name"]), F.lit("")),
        "age": age,
        "age_group": age_group.otherwise(LAST_AGE_GROUP),
        "email_domain": F.nullif(F.regexp_extract(user["email"], "^[^@\\s]+@([^@\\s]+)$", 1), F.lit("")),
        "country_code": F.when(user["nat"].rlike("^[A-Z]{2}$"), user["nat"]),
    }


def invalid(user: Column, key: Column) -> Column:
    """Why a decoded user can never be processed, null when it can. Says nothing about the person."""
    age = age_in_years(user)
    return (
        F.when(~user["id"].rlike(UUID), "id is not a UUID")
        .when(key.isNull() | (key.cast("string") != user["id"]), "the record's key is not the user's id")
        .when(user["version"] <= 0, "version is not positive")
        .when(age < 0, "date of birth is after the version's time")
        .when(age > OLDEST_AGE, f"date of birth is more than {OLDEST_AGE} years before the version's time")
    )


def age_in_years(user: Column) -> Column:
    """Full years from the date of birth to the time of the user's version (UTC); null without the former.

    Not to the current time: the same record must always give the same result, and in a real-time query
    the current time stands still for a whole batch. `version` is microseconds since the epoch unless a
    user changed more than once in one; `staged_at` is the older bound.
    """
    at = F.greatest(user["staged_at"], F.timestamp_micros(user["version"]))
    birthday_to_come = _month_and_day(at) < _month_and_day(user["dob"])
    return F.year(at) - F.year(user["dob"]) - birthday_to_come.cast("int")


def _month_and_day(time: Column) -> Column:
    """A number that orders the days of a year."""
    return F.month(time) * 100 + F.dayofmonth(time)


def _text(text: Column) -> Column:
    """White space (of Unicode, not only of ASCII) trimmed and collapsed; null when nothing is left."""
    return F.nullif(F.trim(F.regexp_replace(text, "(?U)\\s+", " ")), F.lit(""))
