"""What leaves the building, and what never does."""

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.domain.vocabulary import Category, Mode
from shared.forms import (
    REPEATED,
    Content,
    Field,
    FieldKind,
    ReleaseFacts,
    as_text,
    asked_of,
    contact_sheet,
    dated_anew,
    disseminated,
    load_form,
    prefill,
)

FORM = load_form("report.v1")
DAY = date(2026, 3, 10)
ANONYMOUS = ReleaseFacts(Mode.ANONYMOUS, Category.PERSONAL_ADVANTAGE, "kent", DAY)
CONTACT_DIGEST = "c0" * 32
CONFIDENTIAL = ReleaseFacts(Mode.CONFIDENTIAL, Category.PERSONAL_ADVANTAGE, "kent", DAY, CONTACT_DIGEST)


def marked(field: Field) -> Any:
    if field.kind in REPEATED:
        return [{part.id: marked(part) for part in field.entry}]
    match field.kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            return f"MARK-{field.id}"
        case FieldKind.PHONE_OR_EMAIL:
            return f"MARK-{field.id}@mail.example"
        case FieldKind.NUMBER:
            return 4711
        case FieldKind.DATE:
            return "2025-12-24"
        case FieldKind.SEVERAL:
            return [choice.value for choice in field.choices]
        case FieldKind.CHOICE | FieldKind.FORCE:
            return field.choices[0].value if field.choices else "kent"
        case _:
            return "yes"


def everything(mode: Mode = Mode.ANONYMOUS) -> Content:
    chosen = {"mode", "category", "force", "entries"}
    content = prefill(FORM, mode, Category.PERSONAL_ADVANTAGE, "kent")
    content |= {field.id: marked(field) for field in FORM.fields if field.id not in chosen}
    content["entries"] = [
        {"text": "First.", "source": "1", "assessment": "A", "handling": "P", "rationale": "MARK-rationale"},
        {"text": "   "},
        {"text": "Second.", "source": "3", "assessment": "E", "handling": "C", "rationale": "Doubt.", "condition": ""},
    ]
    return content


def test_no_answer_that_stays_here_is_in_what_leaves() -> None:
    for mode, facts in ((Mode.ANONYMOUS, ANONYMOUS), (Mode.CONFIDENTIAL, CONFIDENTIAL)):
        document = disseminated(FORM, everything(mode), facts)

        written = json.dumps(document)
        sent = {row["id"] for section in document["sections"] for row in section["fields"]}
        kept = {field.id for field in FORM.fields if field.internal or field.contact}
        assert not [name for name in kept if f'MARK-{name}"' in written]
        assert not sent & kept


def test_everything_else_that_was_answered_leaves() -> None:
    document = disseminated(FORM, everything(), ANONYMOUS)

    sent = {row["id"].split(".")[0] for section in document["sections"] for row in section["fields"]}
    asked = {f.id for f in asked_of(FORM, everything())}
    may_go = {f.id for f in FORM.fields if not f.internal and not f.contact}
    assert sent == (asked & may_go) - {"force", "category", "entries"}


def test_an_anonymous_report_is_2_d_c_whatever_was_chosen() -> None:
    document = disseminated(FORM, everything(), ANONYMOUS)

    grades = [entry["proposed_grade"] for entry in document["entries"]]
    assert grades == [{"source": "2", "assessment": "D", "handling": "C"}] * 2
    assert "MARK-rationale" not in json.dumps(document)
    assert all(entry["condition"] for entry in document["entries"])


def test_a_confidential_report_keeps_the_grades_that_were_proposed() -> None:
    document = disseminated(FORM, everything(Mode.CONFIDENTIAL), CONFIDENTIAL)

    first, second = document["entries"]
    assert first["proposed_grade"] == {"source": "1", "assessment": "A", "handling": "P"}
    assert "condition" not in first
    assert second["rationale"] == "Doubt."


def test_entries_are_numbered_anew_and_empty_ones_are_left_out() -> None:
    entries = disseminated(FORM, everything(), ANONYMOUS)["entries"]

    assert [(entry["number"], entry["text"]) for entry in entries] == [(1, "First."), (2, "Second.")]


@pytest.mark.parametrize(
    ("written", "facts"), [(Mode.CONFIDENTIAL, ANONYMOUS), (Mode.ANONYMOUS, CONFIDENTIAL), (Mode.ANONYMOUS, ANONYMOUS)]
)
def test_a_caller_is_anonymous_unless_form_and_facts_both_say_otherwise(written: Mode, facts: ReleaseFacts) -> None:
    content = everything(written)

    assert disseminated(FORM, content, facts)["reported_by"] == "anonymous"
    assert contact_sheet(FORM, content, facts) is None


def test_a_confidential_report_names_its_contact_details_and_says_that_they_follow() -> None:
    document = disseminated(FORM, everything(Mode.CONFIDENTIAL), CONFIDENTIAL)

    assert document["contact"] == {"digest": CONTACT_DIGEST}
    assert "will follow once you answer that it is yours" in " ".join(as_text(document).split())


@pytest.mark.parametrize(
    ("written", "facts"), [(Mode.ANONYMOUS, ANONYMOUS), (Mode.CONFIDENTIAL, replace(CONFIDENTIAL, contact=""))]
)
def test_whoever_leaves_no_details_is_as_unknown_as_anybody(written: Mode, facts: ReleaseFacts) -> None:
    document = disseminated(FORM, everything(written), facts)

    assert document["reported_by"] == "anonymous"
    assert "contact" not in document
    assert "will follow" not in " ".join(as_text(document).split())
    assert {entry["proposed_grade"]["source"] for entry in document["entries"]} == {"2"}


def test_a_contact_sheet_has_no_date() -> None:
    sheet = contact_sheet(FORM, everything(Mode.CONFIDENTIAL), CONFIDENTIAL)

    assert sheet is not None
    assert "2026" not in as_text(sheet)


def test_contact_details_are_a_sheet_of_their_own_for_those_who_agreed() -> None:
    content = everything(Mode.CONFIDENTIAL)

    sheet = contact_sheet(FORM, content, CONFIDENTIAL)
    refused = contact_sheet(FORM, content | {"contact_consent": "no"}, CONFIDENTIAL)

    assert sheet is not None
    assert {row["id"] for row in sheet["sections"][0]["fields"]} == {f.id for f in FORM.fields if f.contact}
    assert "MARK-contact_name" in as_text(sheet)
    assert refused is None


def test_two_reports_on_one_day_differ_only_in_what_was_written() -> None:
    assert disseminated(FORM, everything(), ANONYMOUS) == disseminated(FORM, everything(), ANONYMOUS)
    assert "2026-" not in json.dumps(disseminated(FORM, everything(), ANONYMOUS))


def test_the_text_is_narrow_marked_and_holds_every_entry() -> None:
    content = everything()
    content["entries"][0]["text"] = "A serving officer is believed to be paid for early word. " * 6
    text = as_text(disseminated(FORM, content, ANONYMOUS))

    lines = text.splitlines()
    assert lines[0].strip() == lines[-1].strip() == "OFFICIAL-SENSITIVE"
    assert max(len(line) for line in lines) <= 78
    assert "Kent Police" in text
    assert " 2  Second." in text
    assert text.count("2 D C") == 2


def test_a_report_cannot_steer_the_terminal_it_is_shown_on() -> None:
    content = everything()
    content["entries"][0]["text"] = "before\x1b[2Jafter\u202ereversed"

    text = as_text(disseminated(FORM, content, ANONYMOUS))

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "after" in text


def test_an_ordinary_report_has_no_date_of_ours_and_an_urgent_one_its_day() -> None:
    content = prefill(FORM, Mode.ANONYMOUS, Category.PERSONAL_ADVANTAGE, "kent")
    tuesday = replace(ANONYMOUS, day=date(2026, 3, 10))
    april = replace(ANONYMOUS, day=date(2026, 4, 3))

    ordinary, urgent = (disseminated(FORM, content, facts) for facts in (april, replace(april, urgently=True)))

    assert ordinary == disseminated(FORM, content, tuesday)  # which day, week or month it was, nothing tells
    assert not {"dated", "dated_by", "urgent"} & ordinary.keys()
    assert (urgent["dated"], urgent["dated_by"]) == ("2026-04-03", "day")
    assert re.search(r"Dated +the day your unit had it", as_text(ordinary))
    assert re.search(r"Dated +2026-04-03", as_text(urgent))


def test_a_report_that_leaves_in_a_batch_does_not_say_that_it_was_sent_at_once_though_its_author_called_it_urgent() -> (
    None
):
    content = prefill(FORM, Mode.ANONYMOUS, Category.PERSONAL_ADVANTAGE, "kent")
    in_danger = content | {"harm": "immediate", "urgent": "yes"}

    ordinary = disseminated(FORM, in_danger, ANONYMOUS)

    assert not {"dated", "urgent"} & ordinary.keys()
    assert "at once" not in as_text(ordinary)


def test_what_goes_elsewhere_is_dated_anew_or_not_at_all() -> None:
    content = prefill(FORM, Mode.ANONYMOUS, Category.PERSONAL_ADVANTAGE, "kent")
    ordinary, urgent = (disseminated(FORM, content, replace(ANONYMOUS, urgently=how)) for how in (False, True))

    assert dated_anew(ordinary, date(2026, 4, 21)) == ordinary
    assert dated_anew(urgent, date(2026, 4, 21)) == urgent | {"dated": "2026-04-21"}
