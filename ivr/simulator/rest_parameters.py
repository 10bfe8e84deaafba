"""The parameters that the local Twilio's REST takes, strictly: an unknown one or an odd value is refused by name."""

import re
from collections.abc import Mapping
from typing import NoReturn

from flask import request

from ivr.simulator.performer import Document
from ivr.simulator.refusals import TwimlRefused
from ivr.simulator.twiml_grammar import read_twiml

TWIML_CHARACTERS = 4000  # Twilio's limit for the Twiml parameter
FLAGS = "(?i:true|false)"
ADDRESS = r"https?://\S+"
METHODS = "POST|GET"
EVENTS = "initiated|ringing|answered|completed"

# Every parameter that is known, and the pattern its values match; any other is refused.
CREATE_CALL = {
    "From": r"\+\d{5,15}",
    "To": r"\+\d{5,15}|sips?:\S+|client:\S+",
    "Url": ADDRESS,
    "Twiml": r"(?s).+",
    "Method": "POST",
    "Timeout": r"\d{1,3}",
    "StatusCallback": ADDRESS,
    "StatusCallbackEvent": EVENTS,
    "StatusCallbackMethod": "POST",
}
UPDATE_CALL = {
    "Status": "completed|canceled",
    "Url": ADDRESS,
    "Twiml": r"(?s).+",
    "Method": "POST",
}
CREATE_QUEUE = {"FriendlyName": r".{1,64}", "MaxSize": r"\d{1,4}"}
UPDATE_QUEUE = {"MaxSize": r"\d{1,4}"}
UPDATE_MEMBER = {"Url": ADDRESS, "Method": "POST"}
UPDATE_PARTICIPANT = {
    "Muted": FLAGS,
    "Hold": FLAGS,
    "HoldUrl": ADDRESS,
    "HoldMethod": METHODS,
    "EndConferenceOnExit": FLAGS,
}
UPDATE_CONFERENCE = {"Status": "completed"}
PAGES = {"PageSize": r"\d{1,4}", "Page": r"\d+", "PageToken": ".*"}
FILTERS = {"Status": r"[\w-]+", "FriendlyName": ".+", "To": ".+", "From": ".+"}


class RestRefused(Exception):
    """An answer with an error, in Twilio's shape."""

    def __init__(self, code: int, message: str, status: int) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


def sent(known: Mapping[str, str]) -> dict[str, str]:
    """The parameters of this request, each known and of an allowed value; raises RestRefused."""
    given = request.args if request.method == "GET" else request.form
    for name, values in given.lists():
        if name not in known:
            invalid(20001, f"Parameter {name} is not known to the local Twilio")
        if not all(re.fullmatch(known[name], value) for value in values):
            invalid(20001, f"Parameter {name} has a value that is not allowed")
    return given.to_dict()


def inline_twiml(given: Mapping[str, str]) -> Document | None:
    """The TwiML sent in place of an address, read as strictly as any; raises RestRefused."""
    if "Twiml" not in given:
        return None
    if len(given["Twiml"]) > TWIML_CHARACTERS:
        invalid(20001, f"Twiml is longer than {TWIML_CHARACTERS} characters")
    try:
        return Document("", read_twiml(given["Twiml"]))
    except TwimlRefused as refused:
        raise RestRefused(12100, f"Twiml: {refused}", 400) from refused


def flag(value: str) -> bool:
    return value.lower() == "true"


def missing() -> NoReturn:
    raise RestRefused(20404, f"The requested resource {request.path} was not found", 404)


def invalid(code: int, message: str) -> NoReturn:
    raise RestRefused(code, message, 400)
