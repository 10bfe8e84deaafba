"""Answers: how they begin, and what is said at the field where something is missing or wrong."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.vocabulary import Category, Circle, Mode
from shared.forms import Content, Form, circle_of, conflict_of, empty_content, load_form, prefill, problems

FORM = load_form("report.v1")


def complete(**changed: object) -> Content:
    content = prefill(FORM, Mode.ANONYMOUS, Category.PERSONAL_ADVANTAGE, "kent")
    content["entries"][0]["text"] = "A serving officer is believed to be paid for early word of inspections."
    content |= {"harm": "none_known", "circle": "6-20", "unique": "no", "chief_officer": "no", "works_in_unit": "no"}
    content |= {"door": "No harm expected.", "read_back": "yes", "may_be_sent": "yes"}
    return content | changed


def fields_of(content: Content) -> list[str]:
    return [problem.field for problem in problems(FORM, content)]


def test_a_complete_report_has_no_problems() -> None:
    assert problems(FORM, complete()) == []


def test_an_empty_report_says_what_is_needed_and_can_still_be_written_down() -> None:
    content = empty_content(FORM)

    assert {"force", "category", "entries", "circle", "read_back"} <= set(fields_of(content))
    assert json.loads(json.dumps(content)) == content


def test_the_menu_choices_are_filled_in_and_nothing_else_is() -> None:
    content = prefill(FORM, Mode.UNSET, Category.UNSET, None)

    assert (content["mode"], content["category"], content["force"]) == ("anonymous", "", "")
    assert content["entries"] == [
        {"text": "", "source": "2", "assessment": "D", "handling": "C", "rationale": "",
         "condition": "Not to be acted on in a way that would show that someone reported it."}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        ("force", "atlantis"),
        ("category", "gossip"),
        ("harm", ["immediate"]),
        ("medium", ["by_pigeon"]),
        ("medium", "online"),
        ("amount", "300"),
        ("amount", -1),
        ("first_day", "10/03/2026"),
        ("first_day", "2026-02-30"),
        ("subject_collar", "12345678901"),
        ("subject_name", 7),
        ("entries", "text"),
        ("entries", ["text"]),
        ("no_such_field", "x"),
    ],
)
def test_an_answer_a_question_cannot_have_is_named_at_its_field(field: str, answer: object) -> None:
    assert fields_of(complete(**{field: answer})) == [field]


def test_a_last_day_before_the_first_is_noticed() -> None:
    assert fields_of(complete(first_day="2026-03-02", last_day="2026-03-01")) == ["last_day"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"assessment": "E"}, "An assessment of E needs the reason for it."),
        ({"condition": " "}, "A handling of C needs a condition."),
        ({"text": "  "}, "This is still needed."),
        ({"source": "9"}, "This is not an answer this question can have."),
    ],
)
def test_an_entry_says_what_its_grading_needs(change: dict[str, str], sentence: str) -> None:
    content = complete()
    content["entries"].append(content["entries"][0] | change)

    found = problems(FORM, content)

    assert [(problem.field, problem.entry, problem.sentence) for problem in found] == [("entries", 1, sentence)]


def test_a_caller_who_said_no_stops_the_report() -> None:
    assert fields_of(complete(may_be_sent="no")) == ["may_be_sent"]


def test_consent_to_contact_is_asked_only_of_those_who_give_their_name() -> None:
    assert fields_of(complete(mode="confidential")) == ["contact_consent"]


@pytest.mark.parametrize(("chief", "unit", "conflict"), [("no", "no", False), ("yes", "no", True), ("no", "yes", True)])
def test_a_chief_officer_or_one_of_the_unit_is_a_conflict(chief: str, unit: str, conflict: bool) -> None:
    assert conflict_of(complete(chief_officer=chief, works_in_unit=unit)) is conflict


def test_a_part_only_the_caller_knows_makes_the_circle_the_smallest() -> None:
    assert circle_of(complete()) is Circle.SIX_TO_TWENTY
    assert circle_of(complete(unique="yes")) is Circle.ONE_OR_TWO
    assert circle_of(empty_content(FORM)) is Circle.NOT_ASKED


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([field.id for field in FORM.fields]), json_values, max_size=6))
def test_whatever_was_written_is_answered_with_words_never_with_a_fault(content: Content) -> None:
    assert all(problem.sentence for problem in problems(FORM, content))


def test_forms_are_loaded_afresh_and_equal() -> None:
    loaded: Form = load_form("report.v1")

    assert loaded == FORM
