"""What is kept of contacts once they have ended: each count stands for itself, and knows no caller and no report."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Integer, LargeBinary, Table

from shared.domain.vocabulary import CallOutcome, Dimension, Measure, WelshCall
from shared.store.columns import RandomId, Slug, UtcTime, one_of
from shared.store.tables import NO_ROW_ID, metadata

finished_call = Table(
    "finished_call",
    metadata,
    Column("id", RandomId(), primary_key=True),  # fresh; not the live call's
    Column("day", Date, nullable=False, index=True),  # London day of arrival
    Column("hour_start", UtcTime, nullable=False),  # whole hours only
    Column("outcome", one_of(CallOutcome), nullable=False),
    Column("offered", Boolean, nullable=False),
    Column("wait_seconds", Integer),
    **NO_ROW_ID,
)

hour_count = Table(
    "hour_count",
    metadata,
    Column("day", Date, primary_key=True),
    Column("hour_start", UtcTime, primary_key=True),
    Column("outcome", one_of(CallOutcome), primary_key=True),
    Column("offered", Boolean, primary_key=True),
    Column("n", Integer, nullable=False),
    **NO_ROW_ID,
)

day_histogram = Table(
    "day_histogram",
    metadata,
    Column("day", Date, primary_key=True),
    Column("measure", one_of(Measure), primary_key=True),
    Column("seconds", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
    **NO_ROW_ID,
)

day_count = Table(
    "day_count",
    metadata,
    Column("day", Date, primary_key=True),
    Column("dimension", one_of(Dimension), primary_key=True),
    Column("value", Slug(), primary_key=True),
    Column("n", Integer, nullable=False),
    **NO_ROW_ID,
)

# What by the day, or beside anything else, would be few enough to know people by.
year_count = Table(
    "year_count",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("became", one_of(WelshCall), primary_key=True),
    Column("n", Integer, nullable=False),
    **NO_ROW_ID,
)

# The online form's own id of each report that came by it, so that one sent twice is counted once; it leads to nothing.
online_report = Table(
    "online_report",
    metadata,
    Column("id_hash", LargeBinary(32), primary_key=True),
    Column("day", Date, nullable=False, index=True),  # London day on which it came
    **NO_ROW_ID,
)

closed_day = Table(
    "closed_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("revision", Integer, nullable=False),  # 1 as first closed; one more each time that late calls came in
    **NO_ROW_ID,
)

# What each revision after the first brought: calls by their outcome, or what came by another way.
late_count = Table(
    "late_count",
    metadata,
    Column("day", Date, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("came", Slug(), primary_key=True),
    Column("n", Integer, nullable=False),
    **NO_ROW_ID,
)

# A month whose days were put together because they were old: what is left to say that they were there.
folded_month = Table(
    "folded_month",
    metadata,
    Column("month", Date, primary_key=True),  # its first day
    Column("folded_on", Date, nullable=False),
    Column("days", Integer, nullable=False),  # of it, those that had anything counted
    **NO_ROW_ID,
)

# The launch that all figures for outside begin with: one row, written when the first of them leave.
launch_day = Table(
    "launch_day",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="single"), primary_key=True, autoincrement=False),
    Column("day", Date),  # None: they begin with the first call
    Column("since", Date, nullable=False),
    **NO_ROW_ID,
)
