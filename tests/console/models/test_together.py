"""Others in the call: who hears whom, whom one may ask, and how long an outcome can be taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from console.models.together import TogetherModel
from shared.domain.vocabulary import (
    CallState,
    Category,
    Disposition,
    EndedBy,
    Language,
    Mode,
    PartyKind,
    PartyState,
)
from shared.messages import CallInHand, ColleagueToAsk, FiledCall, Listed, PartyCard

NOW = datetime(2026, 3, 10, 14, 5, tzinfo=UTC)
BRYN = ColleagueToAsk(id="b" * 32, name="Bryn", supervisor=False)
MORAG = ColleagueToAsk(id="c" * 32, name="Morag", supervisor=True)


def party(state: PartyState, kind: PartyKind = PartyKind.COLLEAGUE, takes_calls: bool = True) -> PartyCard:
    return PartyCard(id="d" * 32, kind=kind, person_id="b" * 32, name="Bryn", state=state, takes_calls=takes_calls)


def call(state: CallState, *parties: PartyCard) -> CallInHand:
    values: dict[str, Any] = {
        "id": "a" * 32, "state": state, "waiting_since": NOW, "answered_at": NOW, "ended_at": None,
        "ended_by": EndedBy.NOBODY, "language": Language.EN, "unable_to_speak": False, "mode": Mode.ANONYMOUS,
        "category": Category.OTHER, "force_id": None, "draft_id": None, "parties": parties,
    }  # fmt: skip
    return CallInHand(**values)


@pytest.fixture
def model() -> TogetherModel:
    made = TogetherModel()
    made.use_list((Listed(id="interpreter", words="Interpreter"),))
    made.tick(NOW)
    return made


def test_colleagues_come_before_telephones_outside_and_nobody_twice(model: TogetherModel) -> None:
    model.show(call(CallState.TALKING), (BRYN, MORAG), None, ())
    first = [choice.words for choice in model.choices]
    model.show(call(CallState.HELD, party(PartyState.PRIVATE)), (MORAG,), None, ())

    assert first == ["Bryn", "Morag, supervisor", "Interpreter"]
    assert [choice.words for choice in model.choices] == ["Interpreter"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (PartyState.RINGING, "Bryn is being rung; the caller is on hold."),
        (PartyState.PRIVATE, "Bryn is with you; the caller is on hold and hears neither of you."),
        (PartyState.JOINED, "Bryn is in the conversation; tell the caller so."),
    ],
)
def test_it_is_always_said_who_hears_whom(model: TogetherModel, state: PartyState, words: str) -> None:
    model.show(call(CallState.HELD, party(state)), (), None, ())

    assert model.party_words == (words,)


def test_being_muted_and_asking_for_help_are_said_while_one_talks(model: TogetherModel) -> None:
    said = []
    for state in (CallState.TALKING, CallState.WRAP_UP):
        model.show(call(state).model_copy(update={"handset_muted": True, "help_asked": True}), (), None, ())
        said.append(model.own_words)

    assert said == [("Your telephone is muted: nobody hears you.", "You have asked the supervisors for help."), ()]


def test_a_call_is_handed_only_to_somebody_on_the_line_who_takes_calls(model: TogetherModel) -> None:
    may = []
    for one in (
        party(PartyState.RINGING),
        party(PartyState.PRIVATE, takes_calls=False),
        party(PartyState.PRIVATE),
        party(PartyState.JOINED),
    ):
        model.show(call(CallState.HELD, one), (), None, ())
        may.append(model.may("hand_over"))

    assert may == [False, False, True, True]


def test_whom_to_ask_is_put_away_with_the_conversation(model: TogetherModel) -> None:
    model.show(call(CallState.TALKING), (BRYN,), None, ())
    model.choose(True)
    chosen = model.choosing

    model.show(call(CallState.WRAP_UP), (), None, ())

    assert (chosen, model.choosing) == (True, False)


def test_an_outcome_can_be_taken_back_until_its_minute_is_over_and_not_in_a_call(model: TogetherModel) -> None:
    filed = FiledCall(id="a" * 32, disposition=Disposition.HOAX, until=NOW + timedelta(seconds=42))
    model.show(None, (), None, (filed,))
    words, may = model.filed_words, model.may("take_back")
    model.show(call(CallState.TALKING), (), None, (filed,))
    in_the_next = (model.filed_words, model.may("take_back"))
    model.show(None, (), None, (filed,))
    model.tick(NOW + timedelta(seconds=43))

    assert (words, may) == ("Filed as Hoax. Kept open for 0:42.", True)
    assert in_the_next == ("", False)  # it would seem to be about the call there is
    assert (model.filed_words, model.may("take_back")) == ("", False)
