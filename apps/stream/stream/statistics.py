"""Users per minute, country and gender."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

UNKNOWN_COUNTRY = "ZZ"
"""ISO 3166 leaves this code to its users."""
UNKNOWN_GENDER = "unknown"
LATEST = "10 minutes"
"""How much older than the newest user one may be and still be counted; also how long ids are remembered."""
AHEAD = "5 minutes"
"""How much later than its record in Kafka a user may be staged and still be counted.

A clock that is ahead must not make the users of right clocks late. Half of `LATEST`: the other half is left
to users in flight.
"""
AHEAD_METRIC = "users_ahead"
"""Name of the observed metric, whose field ``users`` counts the users left out for being too far ahead."""


def on_time(users: DataFrame) -> DataFrame:
    """Leave out and count users who were staged too far ahead of their record.

    Args:
        users: columns staged_at, and timestamp of the record in Kafka, among others.
    """
    ahead = F.col("staged_at") > F.col("timestamp") + F.expr(f"INTERVAL {AHEAD}")
    return users.observe(AHEAD_METRIC, F.count_if(ahead).alias("users")).where(~ahead)


def once(users: DataFrame) -> DataFrame:
    """Every user one time, however often it comes: for streaming DataFrames.

    Kafka and the real-time query deliver at least once, and a user that is changed comes again with its old
    `staged_at`. By id alone, therefore: it is users that are counted, not versions.

    Args:
        users: columns id and staged_at, among others.
    """
    return users.withWatermark("staged_at", LATEST).dropDuplicatesWithinWatermark(["id"])


def counts(users: DataFrame) -> DataFrame:
    """Absolute counts of users by the minute in which they were staged: the fields of ``UserStats``.

    Args:
        users: columns staged_at, country_code, gender and version, among others.
    """
    return (
        users.groupBy(
            F.window("staged_at", "1 minute").alias("window"),
            F.coalesce("country_code", F.lit(UNKNOWN_COUNTRY)).alias("country_code"),
            F.coalesce("gender", F.lit(UNKNOWN_GENDER)).alias("gender"),
        )
        .agg(F.count("*").alias("count"), F.max("version").alias("version"))
        .select(F.col("window.start").alias("minute"), "country_code", "gender", "count", "version")
    )


def key() -> Column:
    """The key of a count: the minute in UTC, the country and the gender."""
    minute = F.date_format("minute", "yyyy-MM-dd'T'HH:mm'Z'")
    return F.concat_ws("|", minute, "country_code", "gender").cast("binary")
