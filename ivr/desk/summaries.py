"""Summaries as supervisors ask for them: the sheet to look at, or the file of it."""

import base64
from collections.abc import Callable
from datetime import date, timedelta

from ivr.desk.routing import Ask, Desk
from shared.domain.errors import Refusal
from shared.domain.london import london_day
from shared.store.database import Store
from shared.summary.export import Format, written
from shared.summary.internal import internal_sheet
from shared.summary.launch_day import LaunchMoved, LaunchNotSet
from shared.summary.periods import Period
from shared.summary.release import NotForOutside, look_at_edition, take_edition
from shared.summary.retention import DaysRemoved
from shared.summary.sheet import Edition, Sheet
from shared.summary.since_launch import Launch, NothingCounted, since_launch_sheet
from shared.summary_messages import (
    AskSinceLaunch,
    AskSinceLaunchFile,
    AskSummary,
    AskSummaryFile,
    SummaryFile,
    SummaryRow,
    SummarySheet,
)

_SUFFIX = {Format.TEXT: "txt"}


class SummaryNotForOutside(Refusal):
    """What the external edition does not have; the sentence says which."""

    code = "summary_not_for_outside"

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__()


class SummaryDaysRemoved(Refusal):
    """Days that are no longer kept; the sentence says of which month, and since when."""

    code = "summary_days_removed"

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__()


class NothingSinceTheLaunch(Refusal):
    code = "nothing_since_the_launch"
    sentence = "Nothing has been counted since the launch, up to that day."


def summary(desk: Desk, ask: Ask) -> SummarySheet:
    wanted: AskSummary | AskSinceLaunch = ask.body
    sheet = _sheet(desk, wanted, look_at_edition)
    rows = tuple(
        SummaryRow(section=row.section, of=row.of, figure=row.figure, value=_plain(row.value)) for row in sheet.rows
    )
    return SummarySheet(edition=sheet.edition, title=sheet.title, marking=sheet.marking, rows=rows)


def summary_file(desk: Desk, ask: Ask) -> SummaryFile:
    wanted: AskSummaryFile | AskSinceLaunchFile = ask.body
    form = Format(wanted.form)
    content = written(_sheet(desk, wanted, take_edition), form)
    if isinstance(wanted, AskSummary):
        days = [wanted.day, wanted.last] if wanted.last is not None else [wanted.period.first]
        which = "-".join([wanted.span, *(day.isoformat() for day in days)])
    else:
        which = f"launch-{_last(desk, wanted).isoformat()}"
    name = f"candour-{wanted.edition}-{which}.{_SUFFIX.get(form, form.value)}"
    return SummaryFile(name=name, content=base64.b64encode(content))


def _plain(value: object) -> int | str:
    return value if isinstance(value, int) else str(value)


def _last(desk: Desk, wanted: AskSinceLaunch) -> date:
    return wanted.last or london_day(desk.clock()) - timedelta(days=1)


def _sheet(
    desk: Desk,
    wanted: AskSummary | AskSinceLaunch,
    external: Callable[[Store, Period | None, date, date | None], Sheet],
) -> Sheet:
    """``external`` makes the edition for outside: to look at, or to take away."""
    today, kept = london_day(desk.clock()), desk.settings.kept
    period = wanted.period if isinstance(wanted, AskSummary) else None
    try:
        if wanted.edition is Edition.EXTERNAL:
            return external(desk.store, period, today, kept.launch)
        with desk.store.read() as tx:
            if isinstance(wanted, AskSummary):
                return internal_sheet(tx, wanted.period, today, kept)
            launch = Launch(desk.settings.first_force, kept.launch)
            return since_launch_sheet(tx, launch, _last(desk, wanted))
    except NothingCounted:
        raise NothingSinceTheLaunch from None
    except (NotForOutside, LaunchMoved, LaunchNotSet) as fact:
        raise SummaryNotForOutside(str(fact)) from None
    except DaysRemoved as fact:
        raise SummaryDaysRemoved(str(fact)) from None
