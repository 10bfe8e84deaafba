"""After the call: its outcome is chosen, can be taken back for a minute, and is then written; knows no telephone.

Until it is written the call is still a row of its handler's, for nothing that is written points back to anyone.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from shared.domain.errors import AlreadyOnACall
from shared.domain.finished import disown, finish
from shared.domain.in_hand import in_hand
from shared.domain.live_calls import IN_CONVERSATION, OVER, LiveCall, call_in_hand, change
from shared.domain.live_parties import party_of_person
from shared.domain.live_presence import become, presence_of
from shared.domain.offers import distribute
from shared.domain.vocabulary import CallOutcome, CallState, Disposition, PresenceState, Role
from shared.store.schema import person, person_role

UNDO_WITHIN: Final = timedelta(minutes=1)
WRAP_UP_MEANT: Final = timedelta(minutes=5)  # and as much again each time it is extended


def wrap_up(
    tx: Connection,
    call_id: str,
    person_id: str,
    disposition: Disposition,
    now: datetime,
    then: PresenceState = PresenceState.AVAILABLE,
    signposted_to: str | None = None,
    undo_within: timedelta = timedelta(0),
) -> None:
    """The handler says what the call came to, and is `then` AVAILABLE or on a BREAK.

    It is written once `undo_within` is over; chosen again until then, the last choice counts.
    Raises CallGone, CallNotYours, CallNotInThatState.
    """
    call = in_hand(tx, call_id, person_id, *OVER)
    filed_at = call.filed_at or now
    change(
        tx, call, state=CallState.FILED, filed_at=filed_at, due_by=filed_at + undo_within,
        disposition=disposition, signposted_to=signposted_to,
    )  # fmt: skip
    if call.state is CallState.WRAP_UP:
        become(tx, person_id, then, now)
    if not undo_within:
        write_filed(tx, in_hand(tx, call_id, person_id), now)
    distribute(tx, now)


def take_back(tx: Connection, call_id: str, person_id: str, now: datetime) -> None:
    """Back to wrap-up, before the outcome is written. Raises AlreadyOnACall for someone in the next call.

    Raises CallGone once it is written, CallNotYours, CallNotInThatState.
    """
    call = in_hand(tx, call_id, person_id, CallState.FILED)
    if call_in_hand(tx, person_id) is not None or party_of_person(tx, person_id) is not None:
        raise AlreadyOnACall
    change(
        tx, call, state=CallState.WRAP_UP, filed_at=None, due_by=None, disposition=None, signposted_to=None,
        wrap_up_until=now + WRAP_UP_MEANT,
    )  # fmt: skip
    become(tx, person_id, PresenceState.WRAP_UP, now)
    distribute(tx, now)


def write_filed(tx: Connection, call: LiveCall, now: datetime) -> None:
    """The call becomes figures, or nothing at all if it was for training."""
    if call.training:
        disown(tx, call, now)
    else:
        finish(tx, call, CallOutcome.ANSWERED, now, call.disposition)


def nobody_wraps_up(tx: Connection, person_id: str) -> bool:
    """Whether this person can say no more what a call came to: suspended, gone, or no handler any more."""
    held = set(tx.execute(select(person_role.c.role).where(person_role.c.person_id == person_id)).scalars())
    here = tx.execute(select(person.c.active).where(person.c.id == person_id)).scalar_one_or_none()
    return not here or bool(held and Role.HANDLER not in held)


def end_unsaid(tx: Connection, call: LiveCall, now: datetime) -> None:
    """End a wrap-up that nobody can end: the call was answered, and what it came to was not said.

    A draft written in it stays its author's, among the drafts left behind.
    """
    if call.handler_id is not None and presence_of(tx, call.handler_id).state is PresenceState.WRAP_UP:
        become(tx, call.handler_id, PresenceState.OFFLINE, now)
    write_filed(tx, call, now)


def extend_wrap_up(tx: Connection, call_id: str, person_id: str, now: datetime) -> None:
    """A handler needs longer. Raises CallGone, CallNotYours, CallNotInThatState."""
    call = in_hand(tx, call_id, person_id, CallState.WRAP_UP)
    change(tx, call, wrap_up_until=max(now, call.wrap_up_until or now) + WRAP_UP_MEANT)


def mark_training(tx: Connection, call_id: str, person_id: str, training: bool) -> None:
    """The call is for training, or is not after all. Raises CallGone, CallNotYours, CallNotInThatState."""
    call = in_hand(tx, call_id, person_id, *IN_CONVERSATION, CallState.WRAP_UP)
    change(tx, call, training=training)
