"""Twilio's REST, for the unmodified `twilio` client: credentials, addresses and errors in Twilio's own manner."""

import hmac
from collections.abc import Callable

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from ivr.simulator.rest_parameters import RestRefused
from ivr.simulator.rest_resources import Resources
from ivr.simulator.rest_shapes import VERSION, error_shape
from ivr.simulator.twiml_engine import Twilio

ROOT = f"/{VERSION}/Accounts/<account>"


def rest_app(twilio: Twilio) -> Flask:
    """The REST application of one local Twilio."""
    app = Flask("ivr.simulator.rest", static_folder=None)
    app.before_request(lambda: _check_credentials(twilio))
    app.register_error_handler(RestRefused, _refused)
    app.register_error_handler(HTTPException, _not_found)
    resources = Resources(twilio)
    for rule, methods in resources.routes().items():
        for method, view in methods.items():
            app.add_url_rule(f"{ROOT}{rule}", f"{method} {rule}", _locked(twilio, view), methods=[method])
    return app


def _locked(twilio: Twilio, view: Callable[..., Response]) -> Callable[..., Response]:
    def locked(account: str, **names: str) -> Response:
        with twilio.lock:
            return view(**names)

    return locked


def _check_credentials(twilio: Twilio) -> None:
    if not request.path.startswith(f"/{VERSION}/"):
        return  # the local Twilio's own controls, where they are added
    given = request.authorization
    user, password = (given.username or "", given.password or "") if given else ("", "")
    tokens = filter(None, (twilio.account.auth_token, twilio.account.next_token))
    right = any(hmac.compare_digest(password.encode(), token.encode()) for token in tokens)
    named = (request.view_args or {}).get("account", twilio.account.sid)
    if not (right and user == twilio.account.sid == named):
        raise RestRefused(20003, "Authenticate", 401)


def _refused(refused: RestRefused) -> tuple[Response, int]:
    return jsonify(error_shape(refused.code, refused.message, refused.status)), refused.status


def _not_found(error: HTTPException) -> tuple[Response, int]:
    missing = f"The requested resource {request.path} was not found"
    return jsonify(error_shape(20404, missing, error.code or 404)), error.code or 404
