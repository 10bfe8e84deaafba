"""The line's own number, rung by REST: Twilio makes a second leg of such a call, which comes in as any other."""

from ivr.simulator.account import Event
from ivr.simulator.calls import Call
from ivr.simulator.twiml_engine import Twilio


class OwnLine:
    """Answers the line's number as long as the line does: both legs are answered and end together."""

    def __init__(self, twilio: Twilio) -> None:
        self._twilio = twilio
        self._other: dict[str, Call] = {}
        twilio.handsets[twilio.line.number] = self
        twilio.listeners.append(self._follow)

    def ring(self, call: Call) -> None:
        inbound = self._twilio.dial_in(call.caller)
        self._other |= {inbound.sid: call, call.sid: inbound}

    def _follow(self, event: Event) -> None:
        if event.kind != "state" or event.call_sid not in self._other:
            return
        other = self._other[event.call_sid]
        if event.details["state"] == "ended":
            del self._other[event.call_sid]
            self._twilio.clock.after(0, lambda: self._twilio.hang_up(other))
        else:
            self._twilio.clock.after(0, lambda: self._twilio.answer(other))
