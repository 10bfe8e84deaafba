"""The table of actions: each has words, a key of its own and something for a screen reader to say."""

from PySide6.QtGui import QKeySequence

from console.actions import ACTIONS, OUTCOME_WORDS
from shared.domain.vocabulary import Disposition

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
