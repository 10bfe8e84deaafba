"""A whole report submitted at one console, and opened for review at another."""

from collections.abc import Callable
from typing import Any

from console.app import Console
from shared.domain.vocabulary import Category, Language, Mode

Find = Callable[[Console, str], Any]
ENTRY = {"text": "An officer has cars repaired.", "source": "2", "assessment": "D", "handling": "C", "rationale": ""}
WHOLE = {
    "force": "kent",
    "category": "personal_advantage",
    "what": "Notes.",
    "harm": "none_known",
    "circle": "6-20",
    "unique": "no",
    "chief_officer": "no",
    "works_in_unit": "no",
    "door": "Nothing would happen.",
    "read_back": "yes",
    "may_be_sent": "yes",
    "entries": [ENTRY | {"condition": "Ask first."}],
}


def submit(console: Console, qtbot: Any, **changed: Any) -> None:
    keys = console.keyring.keys
    assert keys is not None
    console.report.begin(keys.person_id, None, Language.EN, Mode.ANONYMOUS, Category.UNSET, None)
    for field_id, value in (WHOLE | changed).items():
        console.report.answer(field_id, value)
    console.drafting.submit()
    qtbot.waitUntil(lambda: not console.report.is_open, timeout=20_000)


def reading(console: Console, control: Find, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: len(console.review.in_review) == 1, timeout=20_000)
    control(console, f"review.{console.review.in_review[0].id}").click()
    qtbot.waitUntil(lambda: console.review.report is not None and console.review_wording.hints.read, timeout=20_000)
