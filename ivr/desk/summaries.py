"""Summaries as supervisors ask for them: the sheet to look at, or the file of it."""

import base64

from ivr.desk.routing import Ask, Desk
from shared.domain.errors import Refusal
from shared.domain.london import london_day
from shared.summary.export import Format, written
from shared.summary.internal import internal_sheet
from shared.summary.release import NotForOutside, external_sheet
from shared.summary.retention import DaysRemoved
from shared.summary.sheet import Edition, Sheet
from shared.summary_messages import AskSummary, AskSummaryFile, SummaryFile, SummaryRow, SummarySheet

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


def summary(desk: Desk, ask: Ask) -> SummarySheet:
    wanted: AskSummary = ask.body
    sheet = _sheet(desk, wanted)
    rows = tuple(
        SummaryRow(section=row.section, of=row.of, figure=row.figure, value=_plain(row.value)) for row in sheet.rows
    )
    return SummarySheet(edition=sheet.edition, title=sheet.title, marking=sheet.marking, rows=rows)


def summary_file(desk: Desk, ask: Ask) -> SummaryFile:
    wanted: AskSummaryFile = ask.body
    form = Format(wanted.form)
    content = written(_sheet(desk, wanted), form)
    first = wanted.period.first.isoformat()
    name = f"candour-{wanted.edition}-{wanted.span}-{first}.{_SUFFIX.get(form, form.value)}"
    return SummaryFile(name=name, content=base64.b64encode(content))


def _plain(value: object) -> int | str:
    return value if isinstance(value, int) else str(value)


def _sheet(desk: Desk, wanted: AskSummary) -> Sheet:
    today = london_day(desk.clock())
    with desk.store.read() as tx:
        try:
            if wanted.edition is Edition.INTERNAL:
                return internal_sheet(tx, wanted.period, today, desk.settings.kept)
            return external_sheet(tx, wanted.period, today, desk.settings.kept.launch)
        except NotForOutside as fact:
            raise SummaryNotForOutside(str(fact)) from None
        except DaysRemoved as fact:
            raise SummaryDaysRemoved(str(fact)) from None
