"""The line's own number rung by REST: a second leg comes in as any other call, and both end together."""

from __future__ import annotations

import pytest

from ivr.simulator.calls import CallStatus, Direction
from ivr.simulator.in_process import rest_client

CALLS_FROM = "+441134960555"


@pytest.fixture
def legs(application, lines):
    application.pages["/voice/incoming"] = "<Say>Hello.</Say><Pause length='30'/>"
    twiml = "<Response><Pause length='20'/></Response>"
    made = rest_client(lines).calls.create(to=lines.line.number, from_=CALLS_FROM, twiml=twiml)
    lines.clock.advance(2)
    outgoing = lines.calls[made.sid]
    incoming = next(call for call in lines.calls.values() if call.direction is Direction.INBOUND)
    return outgoing, incoming


def test_the_line_is_rung_as_by_any_caller(application, legs) -> None:
    outgoing, incoming = legs

    assert {leg.status for leg in legs} == {CallStatus.IN_PROGRESS}
    sent = application.sent_to("/voice/incoming")[0]
    assert (sent["CallSid"], sent["From"], sent["Direction"]) == (incoming.sid, CALLS_FROM, "inbound")
    assert incoming.sid != outgoing.sid


@pytest.mark.parametrize("hangs_up", [0, 1])
def test_when_either_side_ends_so_does_the_other(lines, legs, hangs_up: int) -> None:
    lines.hang_up(legs[hangs_up])
    lines.clock.advance(1)

    assert {leg.status for leg in legs} == {CallStatus.COMPLETED}


def test_the_calling_side_ends_when_its_own_words_do(lines, legs) -> None:
    lines.clock.advance(25)

    assert {leg.status for leg in legs} == {CallStatus.COMPLETED}
