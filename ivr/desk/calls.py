"""What a handler does with a call: take it or not, hold, mute, end, hand on, correct its choices, wrap up."""

from typing import Final

from ivr.desk.routing import Ask, Desk
from shared.call_messages import ToPerson, Training
from shared.domain import calls
from shared.domain.errors import ForceUnknown, NotOnTheList
from shared.domain.forces import FORCES
from shared.domain.hand_on import give_call
from shared.domain.hand_on import hand_on as hand_on_call
from shared.domain.signposts import SIGNPOSTS
from shared.domain.wrap_up import extend_wrap_up, mark_training
from shared.domain.wrap_up import take_back as take_back_outcome
from shared.messages import CorrectChoices, WrapUp

_SIGNPOSTS: Final = frozenset(signpost.id for signpost in SIGNPOSTS)


def take(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        calls.take_call(tx, ask.id, ask.person_id, desk.clock())


def decline(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        calls.decline_call(tx, ask.id, ask.person_id, desk.clock())


def hold(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        calls.hold_call(tx, ask.id, ask.person_id, desk.clock())


def resume(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        calls.resume_call(tx, ask.id, ask.person_id, desk.clock())


def end(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        calls.end_call(tx, ask.id, ask.person_id, desk.clock())


def correct_choices(desk: Desk, ask: Ask) -> None:
    said: CorrectChoices = ask.body
    if said.force_id is not None and said.force_id not in FORCES:
        raise ForceUnknown
    with desk.store.begin() as tx:
        calls.correct_choices(tx, ask.id, ask.person_id, said.mode, said.category, said.force_id, desk.clock())


def hand_on(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        hand_on_call(tx, ask.id, ask.person_id, desk.clock())


def mute(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        calls.mute(tx, ask.id, ask.person_id, True, desk.clock())


def unmute(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        calls.mute(tx, ask.id, ask.person_id, False, desk.clock())


def give(desk: Desk, ask: Ask) -> None:
    said: ToPerson = ask.body
    with desk.store.begin() as tx:
        give_call(tx, ask.id, said.person_id, desk.clock())


def wrap_up(desk: Desk, ask: Ask) -> None:
    said: WrapUp = ask.body
    if said.signposted_to is not None and said.signposted_to not in _SIGNPOSTS:
        raise NotOnTheList
    with desk.store.begin() as tx:
        calls.wrap_up(
            tx,
            ask.id,
            ask.person_id,
            said.disposition,
            desk.clock(),
            then=said.then,
            signposted_to=said.signposted_to,
            undo_within=desk.settings.undo_within,
        )


def take_back(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        take_back_outcome(tx, ask.id, ask.person_id, desk.clock())


def extend(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        extend_wrap_up(tx, ask.id, ask.person_id, desk.clock())


def training(desk: Desk, ask: Ask) -> None:
    said: Training = ask.body
    with desk.store.begin() as tx:
        mark_training(tx, ask.id, ask.person_id, said.training)
