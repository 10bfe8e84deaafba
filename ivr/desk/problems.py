"""Every way a request can fail, as a `Problem`: a status, a code and a sentence, and nothing of what was sent."""

import logging
import re
from typing import Final

from flask import Flask, Response
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from shared.domain.errors import EnvelopeRefused, Refusal, TooManyStreams
from shared.messages import Problem
from shared.sealing.errors import SealingError

RETRY_AFTER_SECONDS: Final = 5
_FIELD: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_log = logging.getLogger("candour.desk")

_SENTENCES: Final = {
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This cannot be done at this address."),
    413: ("too_large", "This is larger than anything the desk takes."),
}
_OTHERWISE: Final = ("bad_request", "The desk could not read this request.")
_FAULT: Final = Problem(
    code="fault", sentence="Something went wrong at the desk. Nothing was changed; please try again."
)


class MessageRefused(Refusal):
    """A message with a missing, unknown or impossible field. The sentence names the field, never its value."""

    code = "message_refused"
    status = 422

    def __init__(self, error: ValidationError) -> None:
        places = (one["loc"] for one in error.errors(include_input=False, include_context=False, include_url=False))
        steps = ([str(step) for step in place if _FIELD.fullmatch(str(step))] for place in places)
        fields = sorted({".".join(named) for named in steps} - {""})
        self.sentence = f"Not as it must be: {', '.join(fields[:5])}." if fields else "The message could not be read."
        super().__init__()


def answer_problems(app: Flask) -> None:
    """Let every refusal, error of HTTP and fault of ours come back as a Problem."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(SealingError, _unsealed)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _fault)


def _written(problem: Problem, status: int) -> Response:
    return Response(problem.model_dump_json(), status=status, mimetype="application/json")


def _refused(refusal: Refusal) -> Response:
    response = _written(Problem(code=refusal.code, sentence=refusal.sentence), refusal.status)
    if isinstance(refusal, TooManyStreams):
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _unsealed(_: SealingError) -> Response:
    return _refused(EnvelopeRefused())


def _http_error(error: HTTPException) -> Response:
    code, sentence = _SENTENCES.get(error.code or 0, _OTHERWISE)
    response = _written(Problem(code=code, sentence=sentence), error.code or 400)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _fault(error: Exception) -> Response:
    # The last line of the desk: the arguments of an exception may hold content, so only its kind is written down.
    _log.error("desk_fault %s", type(error).__name__)
    return _written(_FAULT, 500)
