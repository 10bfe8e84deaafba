"""Twilio's REST for the account's telephone numbers: here there is one, the line's, with what is set for it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from flask import Response, request

from ivr.simulator.rest_answers import page, shaped
from ivr.simulator.rest_parameters import FLAGS, PAGES, flag, missing, sent
from ivr.simulator.rest_shapes import number_shape
from ivr.simulator.twiml_engine import Twilio

METHOD: Final = "POST|GET"
ADDRESS_OR_NONE: Final = r"(https?://\S+)?"
UPDATE: Final = {
    "VoiceUrl": ADDRESS_OR_NONE,
    "VoiceMethod": METHOD,
    "VoiceFallbackUrl": ADDRESS_OR_NONE,
    "VoiceFallbackMethod": METHOD,
    "StatusCallback": ADDRESS_OR_NONE,
    "StatusCallbackMethod": METHOD,
    "VoiceCallerIdLookup": FLAGS,
}


class Numbers:
    """What each address does. Unlike Twilio it finds whole numbers only, no parts of one."""

    def __init__(self, twilio: Twilio, sid: str) -> None:
        self._twilio = twilio
        self._sid = sid
        self._made = twilio.clock.now()

    def routes(self) -> Mapping[str, Mapping[str, Callable[..., Response]]]:
        return {
            "/IncomingPhoneNumbers.json": {"GET": self.list_numbers},
            "/IncomingPhoneNumbers/<number>.json": {"GET": self.fetch_number, "POST": self.update_number},
        }

    def list_numbers(self) -> Response:
        sent(PAGES | {"PhoneNumber": r"\+[1-9]\d{5,14}"})
        own = self._twilio.line.number
        return page("incoming_phone_numbers", [self._shape()] if request.args.get("PhoneNumber", own) == own else [])

    def fetch_number(self, number: str) -> Response:
        sent({})
        return shaped(self._found(number))

    def update_number(self, number: str) -> Response:
        given, line = sent(UPDATE), self._twilio.line
        self._found(number)
        self._twilio.line = replace(
            line,
            voice_url=given.get("VoiceUrl", line.voice_url),
            voice_method=given.get("VoiceMethod", line.voice_method),
            fallback_url=given.get("VoiceFallbackUrl", line.fallback_url or "") or None,
            fallback_method=given.get("VoiceFallbackMethod", line.fallback_method),
            status_url=given.get("StatusCallback", line.status_url or "") or None,
            status_method=given.get("StatusCallbackMethod", line.status_method),
            looks_callers_up=flag(given.get("VoiceCallerIdLookup", str(line.looks_callers_up))),
        )
        return shaped(self._shape())

    def _found(self, number: str) -> dict[str, object]:
        return self._shape() if number == self._sid else missing()

    def _shape(self) -> dict[str, object]:
        return number_shape(self._twilio.line, self._sid, self._twilio.account.sid, self._made)
