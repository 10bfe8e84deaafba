"""A local Twilio in virtual time, inside one process with the application: what tests start from."""

import logging
import random
from collections.abc import Mapping
from datetime import datetime
from wsgiref.types import WSGIApplication

from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client
from werkzeug.test import Client as WsgiClient

from ivr.simulator.account import SIMULATOR_ACCOUNT_SID, Account, Line
from ivr.simulator.clock import MORNING, VirtualTime
from ivr.simulator.own_line import OwnLine
from ivr.simulator.rest import rest_app
from ivr.simulator.twiml_engine import Twilio
from ivr.simulator.webhook import WsgiTransport

PUBLIC_URL = "https://line.example"
LINE_NUMBER = "+448081570123"
AUTH_TOKEN = "simulated-auth-token"  # noqa: S105 -- the local Twilio's own, worth nothing anywhere else


def local_twilio(
    application: WSGIApplication,
    *,
    clock: VirtualTime | None = None,
    start: datetime = MORNING,
    public_url: str = PUBLIC_URL,
    account_sid: str = SIMULATOR_ACCOUNT_SID,
    auth_token: str = AUTH_TOKEN,
    number: str = LINE_NUMBER,
    voice_path: str = "/voice/incoming",
    status_path: str | None = "/voice/status",
    fallback_url: str | None = None,
    seed: int = 1,
) -> Twilio:
    """A Twilio that calls `application` directly. The same seed gives the same SIDs and tokens."""
    line = Line(
        number,
        f"{public_url}{voice_path}",
        f"{public_url}{status_path}" if status_path else None,
        fallback_url,
    )
    twilio = Twilio(
        line,
        Account(auth_token, account_sid),
        WsgiTransport(application, public_url),
        clock or VirtualTime(start),
        random.Random(seed),  # noqa: S311 -- repeatable on purpose
    )
    OwnLine(twilio)
    return twilio


def rest_client(twilio: Twilio, rest: WSGIApplication | None = None) -> Client:
    """The unmodified `twilio` client, speaking to the local Twilio (or to `rest`, made from it) without a socket."""
    http = InProcess(rest or rest_app(twilio))
    return Client(twilio.account.sid, twilio.account.auth_token, http_client=http)


class InProcess(HttpClient):  # type: ignore[misc]  # the twilio package is not typed
    """Takes the place of the client's HTTP; what the application would send is sent to the REST application itself."""

    def __init__(self, rest: WSGIApplication) -> None:
        super().__init__(logging.getLogger("twilio.http_client"), is_async=False)
        self._rest = WsgiClient(rest)

    def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        reply = self._rest.open(
            uri,
            method=method,
            query_string={name: str(value) for name, value in (params or {}).items()} or None,
            data=dict(data) if data else None,
            auth=auth,
        )
        return Response(reply.status_code, reply.get_data(as_text=True), reply.headers)
