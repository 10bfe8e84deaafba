"""What a handler does with a call: take it or not, hold, resume, end, correct its choices, wrap up."""

from ivr.desk.routing import Ask, Desk
from shared.domain import calls
from shared.domain.errors import ForceUnknown
from shared.domain.forces import FORCES
from shared.messages import CorrectChoices, WrapUp


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


def wrap_up(desk: Desk, ask: Ask) -> None:
    said: WrapUp = ask.body
    with desk.store.begin() as tx:
        calls.wrap_up(tx, ask.id, ask.person_id, said.disposition, desk.clock())
