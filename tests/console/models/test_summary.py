"""What of a summary is drawn, and how it is called, without a window."""

from datetime import date

from console.models.summary import OF_WHAT, Bar, SummaryModel
from shared.summary.sheet import NOT_THERE_YET, Edition, short_names
from shared.summary_messages import SummaryRow, SummarySheet

MEASURE = {"label": "Arrived", "value": 9, "unit": "calls", "formula": "every call", "before": 0}


def shown(*rows: tuple[str, str, str, int | str]) -> SummaryModel:
    model = SummaryModel(date(2026, 3, 10))
    cells = [SummaryRow(section=section, of=of, figure=figure, value=value) for section, of, figure, value in rows]
    measures = [
        SummaryRow(section="measure", of="arrived", figure=name, value=value) for name, value in MEASURE.items()
    ]
    model.show(SummarySheet(edition=Edition.INTERNAL, title="", marking="", rows=(*measures, *cells)))
    return model


def test_what_happened_to_reports_is_one_number_and_calls_are_two() -> None:
    model = shown(
        ("reports", "ours", "n", 3), ("hour", "09:00", "arrived", 5), ("hour", "09:00", "answered", 4)
    )  # fmt: skip

    assert model.bars("reports") == (Bar("taken", 3, None),)
    assert model.bars("hour") == (Bar("09:00", 5, 4),)


def test_a_line_goes_by_its_label_each_column_has_a_name_and_words_come_last() -> None:
    measure, forces = shown(("force", "kent", "n", 2)).sections()

    assert measure.columns == (OF_WHAT, "value", "unit", "before", "formula")
    assert [(line.of, *line.cells) for line in measure.lines] == [("Arrived", "9", "calls", "0", "every call")]
    assert [line.of for line in forces.lines] == ["Kent Police"]


def test_of_days_before_the_line_began_no_nought_is_shown() -> None:
    there, not_yet, partly = (
        shown(),
        shown(("began", "before", "value", f"the line began on 1 March 2026: {NOT_THERE_YET}")),
        shown(("began", "before", "value", "the line began on 1 March 2026: it was there for a part of this only")),
    )

    assert [model.large()[0].before for model in (there, not_yet, partly)] == ["before 0", "no line before", "before 0"]
    assert there.began() == ""
    assert not_yet.began() == f"Before: the line began on 1 March 2026: {NOT_THERE_YET}."


def test_both_of_an_hour_that_comes_twice_keep_their_zone() -> None:
    assert list(short_names(("00:00 BST", "01:00 BST", "01:00 GMT", "02:00 GMT")).values()) == [
        "00:00", "01:00 BST", "01:00 GMT", "02:00",
    ]  # fmt: skip
