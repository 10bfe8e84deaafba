"""Everything that the switchboard asks of the provider, in the order of one call, whatever carries it."""

from __future__ import annotations

from collections.abc import Callable

from ivr.line.place import Place
from ivr.simulator.calls import Call
from ivr.simulator.phone import Handset
from ivr.simulator.twiml_engine import Twilio
from ivr.switchboard import QUEUE_SIZE, LegGone, Switchboard
from shared.domain.vocabulary import Language

CALLER, HANDSET, OTHER, COLLEAGUE = "+442079460123", "+441134960321", "+441134960555", "+441134960777"
ATTEMPT, PARTY = "a" * 32, "b" * 32

# An application that does with the calls what the line does, in few words.
PAGES = {
    "/voice/incoming": '<Enqueue waitUrl="/voice/wait">line</Enqueue>',
    "/voice/wait": "<Pause length='10'/>",
    "/voice/join": "<Dial><Conference participantLabel='caller'>room</Conference></Dial>",
    "/voice/handset": "<Dial><Conference participantLabel='handler'>room</Conference></Dial>",
    "/voice/party": "<Dial><Conference participantLabel='colleague'>room</Conference></Dial>",
    "/voice/after": "<Pause length='30'/>",
    "/voice/hold": "<Pause length='30'/>",
}


def whole_call(twilio: Twilio, switchboard: Switchboard, pass_time: Callable[[float], object]) -> Call:
    """One call from the queue to the deletion of its record; `pass_time` takes seconds."""
    switchboard.prepare_queue()
    assert switchboard.queue_sid()
    assert switchboard.queue_room() == QUEUE_SIZE
    assert switchboard.number_settings() is not None
    caller = twilio.dial_in(CALLER)
    Handset(twilio, HANDSET, answers_after=0.5)
    pass_time(1)
    assert switchboard.legs_in_queue() == {caller.sid}
    leg = switchboard.ring_handset(HANDSET, ATTEMPT)
    assert switchboard.ring_handset(HANDSET, ATTEMPT, again=True) == leg
    pass_time(2)
    switchboard.move_caller(caller.sid, ATTEMPT)
    pass_time(1)
    room = next(iter(twilio.conferences.by_sid))
    assert switchboard.legs_in_conference(room) == {caller.sid, leg}
    switchboard.hold(caller.sid, room, Language.EN)
    switchboard.resume(caller.sid, room)
    switchboard.mute(leg, room, muted=True)
    switchboard.mute(leg, room, muted=False)
    Handset(twilio, COLLEAGUE, answers_after=0.5)
    party = switchboard.ring_party(COLLEAGUE, PARTY)
    pass_time(3)
    switchboard.hand_over(party, room, caller.sid)
    switchboard.leave(leg, room)
    switchboard.recall_caller(caller.sid, Place(), ATTEMPT)
    pass_time(1)
    assert switchboard.leg_is_live(caller.sid)
    switchboard.end_leg(caller.sid)
    switchboard.end_leg(party)
    switchboard.end_leg(switchboard.ring_ourselves(OTHER, seconds=20))
    assert len(switchboard.legs_from(OTHER)) >= 1
    pass_time(1)
    switchboard.delete_record(caller.sid)
    _gone(switchboard, caller.sid)
    return caller


def _gone(switchboard: Switchboard, leg_sid: str) -> None:
    try:
        switchboard.delete_record(leg_sid)
    except LegGone:
        return
    raise AssertionError("a deleted record is there")
