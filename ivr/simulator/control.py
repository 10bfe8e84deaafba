"""The local Twilio's own controls under /simulator: telephones are dialled, pressed, answered and put down here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Flask, Response, abort, jsonify, request

from ivr.simulator.calls import Call
from ivr.simulator.event_book import EventBook
from ivr.simulator.phone import Handset, Phone, Telephone
from ivr.simulator.twiml_engine import Twilio

HEARTBEAT_SECONDS = 5.0
PICKED_UP_AFTER_SECONDS = 2.0


@dataclass(slots=True)
class Handsets:
    """Handsets that nobody holds: by default each is answered after a moment and takes the call by pressing 1."""

    twilio: Twilio
    answers_after: float | None = PICKED_UP_AFTER_SECONDS
    presses: str = "1"
    known: dict[str, Handset] = field(default_factory=dict)

    def at(self, number: str) -> Handset:
        """The handset at this number or address; a new one behaves as the others do."""
        if number not in self.known:
            self.known[number] = Handset(self.twilio, number, self.answers_after, self.presses)
        return self.known[number]

    def set(self, number: str, answers_after: float | None, presses: str) -> Handset:
        handset = self.at(number)
        handset.answers_after, handset.presses = answers_after, presses
        return handset


def add_controls(app: Flask, twilio: Twilio, book: EventBook, handsets: Handsets) -> None:
    """Add the control routes to the REST application. No credentials: only the loopback is listened on."""
    controls = Controls(twilio, book, handsets)
    app.add_url_rule("/simulator/calls", view_func=controls.dial, methods=["POST"])
    app.add_url_rule("/simulator/calls", view_func=controls.list_calls, methods=["GET"])
    app.add_url_rule("/simulator/calls/<sid>", view_func=controls.show, methods=["GET"])
    app.add_url_rule("/simulator/calls/<sid>", view_func=controls.hang_up, methods=["DELETE"])
    app.add_url_rule("/simulator/calls/<sid>/keys", view_func=controls.press, methods=["POST"])
    app.add_url_rule("/simulator/calls/<sid>/answer", view_func=controls.answer, methods=["POST"])
    app.add_url_rule("/simulator/events", view_func=controls.events, methods=["GET"])
    app.add_url_rule("/simulator/handsets", view_func=controls.list_handsets, methods=["GET"])
    app.add_url_rule("/simulator/handsets", view_func=controls.set_handset, methods=["POST"])


class Controls:
    """The views. Bodies are JSON; a browser's form cannot send them."""

    def __init__(self, twilio: Twilio, book: EventBook, handsets: Handsets) -> None:
        self._twilio = twilio
        self._book = book
        self._handsets = handsets

    def dial(self) -> tuple[Response, int]:
        """{"number": "+44…"} rings the line."""
        phone = Phone(self._twilio, as_sent(str(request.get_json()["number"]))).dial()
        if phone.call is None:
            raise AssertionError("a dialled telephone has a call")
        return jsonify(self._described(phone.call)), 201

    def list_calls(self) -> Response:
        with self._twilio.lock:
            return jsonify(calls=[self._described(call) for call in self._twilio.calls.values()])

    def show(self, sid: str) -> Response:
        with self._twilio.lock:
            telephone = self._telephone(sid)
            said = [
                {"at": spoken.at.isoformat(), "words": spoken.words, "language": spoken.language}
                for spoken in telephone.transcript
            ]
            return jsonify(**self._described(self._call(sid)), heard=telephone.says, said=said)

    def hang_up(self, sid: str) -> Response:
        self._telephone(sid).hang_up()
        return Response(status=204)

    def press(self, sid: str) -> Response:
        """{"keys": "1"} presses keys, one after the other."""
        self._telephone(sid).press(str(request.get_json()["keys"]))
        return Response(status=204)

    def answer(self, sid: str) -> Response:
        """Pick up a ringing handset."""
        self._twilio.answer(self._call(sid))
        return Response(status=204)

    def events(self) -> Response:
        """Server-sent events after number `after`, of one `call` or of all.

        `held`: whoever follows holds the telephone, which is put down when they are gone.
        """
        sid = request.args.get("call")
        entries = self._book.follow(sid, request.args.get("after", 0, type=int), HEARTBEAT_SECONDS)
        held = self._telephone(sid) if sid and "held" in request.args else None

        def stream() -> Iterator[str]:
            try:
                for entry in entries:
                    yield f"id: {entry.number}\ndata: {entry.as_json()}\n\n" if entry else ": still here\n\n"
            finally:
                if held is not None:
                    held.hang_up()

        return Response(stream(), content_type="text/event-stream", headers={"Cache-Control": "no-store"})

    def list_handsets(self) -> Response:
        return jsonify(handsets=[_handset(handset) for handset in self._handsets.known.values()])

    def set_handset(self) -> Response:
        """{"number": …, "answers_after": seconds or null, "presses": "1"} says how a handset behaves from now on."""
        told = request.get_json()
        handset = self._handsets.set(str(told["number"]), told.get("answers_after"), str(told.get("presses", "")))
        return jsonify(_handset(handset))

    def _call(self, sid: str) -> Call:
        return self._twilio.calls.get(sid) or abort(404)

    def _telephone(self, sid: str) -> Telephone:
        telephone = Telephone(self._twilio, "")
        telephone.call = self._call(sid)
        return telephone

    def _described(self, call: Call) -> dict[str, object]:
        return {
            "sid": call.sid,
            "from": call.caller,
            "to": call.called,
            "direction": call.direction.value,
            "status": call.status.value,
            "state": self._twilio.state(call).value,
        }


def as_sent(number: str) -> str:
    """A United Kingdom number in the form that Twilio sends (+44…); anything else, a withheld one say, as it is."""
    digits = "".join(number.split())
    return f"+44{digits[1:]}" if re.fullmatch(r"0\d{9,10}", digits) else number.strip()


def _handset(handset: Handset) -> dict[str, object]:
    return {
        "number": handset.number,
        "answers_after": handset.answers_after,
        "presses": handset.presses,
        "rings": handset.rings,
        "state": handset.state.value if handset.state else None,
    }
