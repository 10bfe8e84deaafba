"""A number dialled from TwiML: the second leg, and the two people talking. It knows nothing of conferences."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from ivr.simulator.calls import Call, CallStatus, Direction
from ivr.simulator.script import Ending, Performance, Wait
from ivr.simulator.twiml_grammar import Verb

if TYPE_CHECKING:
    from ivr.simulator.twiml_engine import Twilio


class Dials:
    """Calls that <Dial><Number> has made."""

    def __init__(self, twilio: "Twilio") -> None:
        self._twilio = twilio

    def hold(self, call: Call, dial: Verb, base: str) -> Performance[Mapping[str, str]]:
        """Ring the number and let the two talk; the result is what <Dial action> is sent."""
        number = dial.children[0].text if dial.children else dial.text
        # Twilio shows the caller's own number to the person dialled unless callerId says otherwise.
        shown = dial.get("callerId") or call.caller
        second = self._twilio.new_call(shown, number, Direction.OUTBOUND_DIAL, parent=call)
        second.on_answer = lambda: self._connect(call, second)
        second.parting = lambda how: self._twilio.release(call, how)

        def part(how: str) -> None:
            call.parting = second.parting = None
            self._twilio.hang_up(second)
            if how == "hangup" and dial.get("action"):
                self._twilio.ask_in_passing(call, urljoin(base, dial["action"]), _result(second))

        call.parting = part
        self._twilio.ring(second, dial.number("timeout"))
        yield Wait(None)
        call.parting = call.talking_with = None
        return _result(second)

    def _connect(self, call: Call, second: Call) -> None:
        call.talking_with, second.talking_with = second, call
        self._twilio.begin(second, _stay())
        self._twilio.notice(call)


def _stay() -> Performance[Ending]:
    yield Wait(None)
    return Ending.HUNG_UP


def _result(second: Call) -> Mapping[str, str]:
    status = CallStatus.COMPLETED if second.answered_at else second.status
    return {
        "DialCallStatus": status.value,
        "DialCallSid": second.sid,
        "DialCallDuration": str(second.duration),
    }
