"""The table of actions: each has words, a key of its own and something for a screen reader to say."""

from collections.abc import Iterable

import pytest
from PySide6.QtGui import QKeySequence

from console.actions import ACTIONS, NEEDED_BY, OUTCOME_WORDS, Place, actions_for, needed
from shared.domain.vocabulary import Disposition, Role

# Keys that writing needs: an action must not take them away.
WRITING = ("Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Y", "Ctrl+Left", "Ctrl+Right")


def test_every_action_has_words_a_key_and_an_accessible_name() -> None:
    for action in ACTIONS.values():
        assert action.words and action.accessible
        assert not QKeySequence(action.key).isEmpty(), action.id


def test_no_two_actions_share_a_key_or_words() -> None:
    keys = [QKeySequence(action.key).toString() for action in ACTIONS.values()]
    words = [action.words for action in ACTIONS.values()]

    assert len(set(keys)) == len(keys)
    assert len(set(words)) == len(words)


def test_no_action_takes_a_key_that_writing_needs() -> None:
    taken = {QKeySequence(action.key).toString() for action in ACTIONS.values()}

    assert taken.isdisjoint(QKeySequence(key).toString() for key in WRITING)


def test_every_outcome_can_be_chosen() -> None:
    assert set(OUTCOME_WORDS) == set(Disposition)


# --- who may do what --------------------------------------------------------------------------------------------------

OPENED_BY = {
    Role.HANDLER: set(),
    Role.SUPERVISOR: {"line_now", "outbox", "left_drafts", "questions", "summary"},
    Role.ADMINISTRATOR: {"people"},
    Role.AUDITOR: {"audit"},
}


def at_oversight(roles: Iterable[Role]) -> set[str]:
    return {one for one in actions_for(roles) if ACTIONS[one].place is Place.OVERSIGHT}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_has_its_own_sheets_and_the_way_to_them_only_where_there_are_some(role: Role) -> None:
    opened = OPENED_BY[role]

    assert at_oversight((role,)) == (opened | {"oversight"} if opened else set())


def test_somebody_with_two_roles_has_the_sheets_of_both() -> None:
    assert at_oversight((Role.HANDLER, Role.AUDITOR, Role.ADMINISTRATOR)) == {"oversight", "people", "audit"}


def test_calls_are_for_handlers_and_decisions_for_supervisors_alone() -> None:
    for_one = {role: actions_for((role,)) for role in Role}

    assert {role for role in Role if "answer" in for_one[role]} == {Role.HANDLER}
    assert {role for role in Role if "submit" in for_one[role]} == {Role.HANDLER}
    assert {role for role in Role if "outcome_report" in for_one[role]} == {Role.HANDLER}
    assert {role for role in Role if "release" in for_one[role]} == {Role.SUPERVISOR}
    assert {role for role in Role if "go_report" in for_one[role]} == {Role.HANDLER, Role.SUPERVISOR}
    assert all({"keys", "palette", "lock", "sign_out", "larger_text"} <= for_one[role] for role in Role)


def test_every_sheet_of_oversight_needs_something_and_nobody_signed_in_has_none() -> None:
    assert all(needed(one) for one, action in ACTIONS.items() if action.place is Place.OVERSIGHT and one != "oversight")
    assert set(NEEDED_BY) <= set(ACTIONS)
    assert actions_for(()).isdisjoint({"sign_out", "account", "people", "oversight"})
