"""The report form itself: readable, whole, and honest about what leaves the building."""

import json

import pytest

from shared.domain.vocabulary import Category, Circle, Language, Mode
from shared.forms import FieldKind, Form, FormUnknown, load_form, read_form

INTERNAL = {
    "danger", "danger_place", "danger_what", "danger_done", "young_caller", "urgent", "closing_words",
    "safe_to_talk", "mode", "under_18", "what", "how_known", "circle", "unique",
    "unique_parts", "reported_before", "chief_officer", "works_in_unit", "door", "tipoff", "read_back", "may_be_sent",
}  # fmt: skip


@pytest.fixture
def form() -> Form:
    return load_form("report.v1")


def test_a_form_is_found_by_its_name_and_version(form: Form) -> None:
    assert (form.name, form.id, form.version, form.marking) == ("report.v1", "report", 1, "OFFICIAL-SENSITIVE")


@pytest.mark.parametrize("name", ["report.v0", "report.v99", "report", "../config.v1", "", "report.v1.toml"])
def test_a_name_nobody_released_is_no_form(name: str) -> None:
    with pytest.raises(FormUnknown):
        load_form(name)


def test_what_stays_here_is_said_field_by_field(form: Form) -> None:
    assert {field.id for field in form.fields if field.internal} == INTERNAL


def test_who_the_caller_is_has_a_place_only_where_they_gave_their_name(form: Form) -> None:
    contact = [field for field in form.fields if field.contact]

    assert {field.id for field in contact} == {field.id for field in form.fields if field.id.startswith("contact_")} - {
        "contact_through"
    }
    assert all(field.modes == {Mode.CONFIDENTIAL} for field in contact)
    assert all(field.identifies and not field.internal for field in contact)


def test_the_circles_and_categories_of_the_form_are_those_of_the_service(form: Form) -> None:
    circles = {choice.value for choice in form.field("circle").choices}
    categories = {choice.value for choice in form.field("category").choices}

    assert circles == {circle.value for circle in Circle} - {"not_asked"}
    assert categories == {category.value for category in Category} - {"unset"}


def test_every_choice_has_choices_and_every_field_has_words(form: Form) -> None:
    parts = [*form.fields, *form.field("entries").entry]
    chosen_from = [field for field in parts if field.kind in {FieldKind.CHOICE, FieldKind.SEVERAL}]

    assert all(field.choices for field in chosen_from)
    assert all(field.label for field in parts)
    assert not [field.id for field in parts if field.default and field.kind is FieldKind.ENTRIES]


def test_everything_read_to_the_caller_is_there_in_welsh_too(form: Form) -> None:
    parts = [*form.fields, *(part for field in form.fields for part in field.entry)]

    assert [part.id for part in parts if bool(part.question) != bool(part.question_cy)] == []
    assert [part.id for part in parts if bool(part.script) != bool(part.script_cy)] == []
    assert form.field("danger").question_in(Language.CY) == form.field("danger").question_cy
    assert form.field("danger").question_in(Language.EN) == form.field("danger").question


def test_welsh_that_nobody_has_reviewed_does_not_count_as_reviewed(form: Form) -> None:
    assert form.reviewed == {Language.EN}


def test_every_kind_of_field_has_its_place(form: Form) -> None:
    assert {field.kind for field in form.fields} | {part.kind for field in form.fields for part in field.entry} == set(
        FieldKind
    )


MINIMAL = """
id = "report"
version = 2
title = "Report"
marking = "OFFICIAL"
[[section]]
id = "one"
title = "One"
[[section.field]]
id = "a"
kind = "text"
label = "A"
"""


@pytest.mark.parametrize(
    ("addition", "why"),
    [
        ('asked_when = { b = ["yes"] }', "does not have"),
        ("colour = 1", "unknown keys"),
        ('[[section.field.entry]]\nid = "x"\nkind = "text"\nlabel = "X"', "fields of their own"),
        ('[[section.field]]\nid = "a"\nkind = "text"\nlabel = "A"', "one id"),
    ],
)
def test_a_form_that_does_not_hang_together_stops_the_program(addition: str, why: str) -> None:
    assert read_form(MINIMAL).name == "report.v2"
    with pytest.raises(ValueError, match=why):
        read_form(MINIMAL + addition + "\n")


def test_a_field_the_form_does_not_have_is_not_made_up(form: Form) -> None:
    with pytest.raises(KeyError):
        form.field("caller_number")


def test_no_field_has_a_place_for_the_time_of_the_call(form: Form) -> None:
    names = json.dumps([field.id for field in form.fields])

    assert not any(word in names for word in ("call_time", "duration", "arrived", "handler"))
