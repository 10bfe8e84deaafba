"""Answers: how they begin, and what is said at the field where something is missing or wrong."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.vocabulary import Category, Circle, Mode
from shared.forms import (
    Content,
    Form,
    asked_of,
    circle_of,
    conflict_of,
    empty_content,
    is_urgent,
    load_form,
    prefill,
    problems,
)

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
        ("amount", 100_000_001),
        ("subjects", "Red"),
        ("subjects", [{"collar": "12 34", "alias": "Red"}]),
        ("subjects", [{"reach": "not a number", "alias": "Red"}]),
        ("vehicles", [{"registration": "AB12 CDE"}]),
        ("accounts", [{"platform": "An app"}]),
        ("subjects", [{"alias": "Red"}] * 9),
        ("first_day", "2026-02-30"),
        ("subjects", [{"collar": "12345678901"}]),
        ("subjects", [{"alias": 7}]),
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
        ({"text": "  "}, "Write something here before handing it in."),
        ({"source": "9"}, "This is not an answer this question can have."),
    ],
)
def test_an_entry_says_what_its_grading_needs(change: dict[str, str], sentence: str) -> None:
    content = complete()
    content["entries"].append(content["entries"][0] | change)

    found = problems(FORM, content)

    assert [(problem.field, problem.entry, problem.sentence) for problem in found] == [("entries", 1, sentence)]
    assert found[0].part is not None


def test_a_first_day_that_has_not_come_is_noticed_where_today_is_known() -> None:
    content = complete(first_day="2026-04")

    assert [problem.field for problem in problems(FORM, content, date(2026, 3, 31))] == ["first_day"]
    assert problems(FORM, content, date(2026, 4, 1)) == problems(FORM, content) == []


def test_several_people_each_have_rules_of_their_own() -> None:
    content = complete(subjects=[{"alias": "Red"}, {}, {"collar": "12 34"}])

    assert [(problem.entry, problem.part) for problem in problems(FORM, content)] == [(2, "collar")]


def test_somebody_not_named_is_better_described_but_nothing_waits_for_it() -> None:
    parts = {"gender": "Male", "build": "Heavy", "hair": "Grey"}
    [advice] = problems(FORM, complete(subjects=[parts]))

    assert advice.advice and "at least four" in advice.sentence
    assert problems(FORM, complete(subjects=[parts | {"eyes": "Blue"}])) == []
    assert problems(FORM, complete(subjects=[{"surname": "Example"}])) == []


def test_no_words_say_that_something_is_still_needed_of_what_was_not_asked() -> None:
    found = {problem.field: problem.sentence for problem in problems(FORM, complete(unique="not_asked", harm=""))}

    assert found == {
        "unique": "Ask this before handing it in: it needs a yes or a no.",
        "harm": "Choose one before handing it in.",
    }


def test_what_was_done_about_danger_is_asked_and_needed_only_in_danger() -> None:
    asked = {field.id for field in asked_of(FORM, complete())}
    in_danger = complete(danger="yes")

    assert not asked & {"danger_place", "danger_done", "urgent"}
    assert {"danger_place", "danger_done", "urgent"} <= {field.id for field in asked_of(FORM, in_danger)}
    assert fields_of(in_danger) == ["danger_done"]


@pytest.mark.parametrize(
    ("answers", "urgent"),
    [
        ({"danger": "yes", "urgent": "yes"}, True),
        ({"harm": "immediate", "urgent": "yes"}, True),
        ({"harm": "none_known", "urgent": "yes"}, False),
        ({"danger": "yes", "urgent": "not_asked"}, False),
    ],
)
def test_a_report_goes_at_once_only_in_danger_and_with_the_callers_yes(answers: dict[str, str], urgent: bool) -> None:
    assert is_urgent(complete(**answers)) is urgent


@pytest.mark.parametrize("age", ["under", "sounds_young"])
def test_a_young_caller_brings_up_the_protocol(age: str) -> None:
    young = FORM.field("young_caller")

    assert "young_caller" in {field.id for field in asked_of(FORM, complete(under_18=age))}
    assert "young_caller" not in {field.id for field in asked_of(FORM, complete(under_18="over"))}
    assert young.script and young.script_cy and young.internal


NAMED = {"mode": "confidential", "contact_consent": "yes", "contact_name": "Given"}


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({"contact_details": "given@mail.example"}, []),
        ({"contact_details": ""}, ["contact_details"]),
        ({"contact_details": "ring at work"}, ["contact_details"]),
        ({"contact_details": "020 7946 0123"}, ["contact_details"]),
        ({"contact_details": "+442079460123"}, ["contact_own", "contact_message"]),
        ({"contact_details": "+442079460123", "contact_own": "yes", "contact_message": "no"}, []),
        ({"contact_details": "given@mail.example", "contact_name": ""}, ["contact_name"]),
    ],
)
def test_who_agreed_leaves_a_safe_way_to_reach_them(answers: dict[str, str], fields: list[str]) -> None:
    assert fields_of(complete(**NAMED | answers)) == fields


def test_without_agreement_nothing_about_the_caller_is_asked() -> None:
    asked = {field.id for field in asked_of(FORM, complete(mode="confidential"))}

    assert asked & {field.id for field in FORM.fields if field.contact} == {"contact_consent"}


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
