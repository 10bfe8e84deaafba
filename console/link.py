"""The link to the service: JSON calls with a deadline, answered by signals; it knows no report, key or widget."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from pydantic import ValidationError
from PySide6.QtCore import QByteArray, QObject, QUrl, Signal
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkReply, QNetworkRequest

from console.routes import Route
from console.translation import said, tr
from shared.messages import Message, Problem

DEADLINE_MS: Final = 10_000
MAX_ANSWER_BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ServiceAway:
    """No answer came. What was asked for may or may not have been done."""

    sentence: str = tr("The service cannot be reached.")


@dataclass(frozen=True, slots=True)
class Refused:
    """The service answered no, with a code and a sentence for people. ``status`` is HTTP's."""

    status: int
    code: str
    sentence: str


Failure = ServiceAway | Refused


class PendingCall(QObject):
    """One question to the service. Emits exactly one of `answered` (the message, or None) and `failed` (a Failure)."""

    answered = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject, reply: QNetworkReply, answer: type[Message] | None) -> None:
        super().__init__(parent)
        self._reply = reply
        self._answer = answer
        reply.finished.connect(self._settle)

    def _settle(self) -> None:
        status = self._reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        body = bytes(self._reply.readAll().data()) if self._reply.isOpen() else b""
        whole = self._reply.error() == QNetworkReply.NetworkError.NoError or isinstance(status, int)
        if not isinstance(status, int) or not whole or _cut_short(self._reply):
            self.failed.emit(ServiceAway())
        elif status >= 400:
            self.failed.emit(_refusal(status, body))
        else:
            self._read(body)
        self._reply.deleteLater()
        self.deleteLater()

    def _read(self, body: bytes) -> None:
        if self._answer is None:
            self.answered.emit(None)
            return
        try:
            message = self._answer.model_validate_json(body[: MAX_ANSWER_BYTES + 1])
        except ValidationError:
            self.failed.emit(
                Refused(502, "answer_unreadable", tr("The service answered in a way this console cannot read."))
            )
            return
        self.answered.emit(message)


def _cut_short(reply: QNetworkReply) -> bool:
    lost = (
        QNetworkReply.NetworkError.OperationCanceledError,
        QNetworkReply.NetworkError.TimeoutError,
        QNetworkReply.NetworkError.RemoteHostClosedError,
    )
    return reply.error() in lost


def _refusal(status: int, body: bytes) -> Failure:
    if status in (502, 503, 504):
        return ServiceAway()
    try:
        problem = Problem.model_validate_json(body)
    except ValidationError:
        return Refused(status, "refused", tr("The service did not accept that."))
    return Refused(status, problem.code, said(problem.sentence))


class Link(QObject):
    """Calls to one service, with the token once someone has signed in. `signed_out`: the service ended the session."""

    signed_out = Signal()

    def __init__(self, service_url: str, network: QNetworkAccessManager, deadline_ms: int = DEADLINE_MS) -> None:
        super().__init__()
        self._service_url = service_url
        self._network = network
        self._deadline_ms = deadline_ms
        self._token: str | None = None

    def use_token(self, token: str | None) -> None:
        """Sign every further call with this token; None forgets it."""
        self._token = token

    def request(self, path: str) -> QNetworkRequest:
        """A request to the service with the token, without a deadline, never redirected and never cached."""
        request = QNetworkRequest(QUrl(self._service_url + path))
        request.setAttribute(
            QNetworkRequest.Attribute.RedirectPolicyAttribute, QNetworkRequest.RedirectPolicy.ManualRedirectPolicy
        )
        request.setAttribute(
            QNetworkRequest.Attribute.CacheLoadControlAttribute, QNetworkRequest.CacheLoadControl.AlwaysNetwork
        )
        request.setAttribute(QNetworkRequest.Attribute.CacheSaveControlAttribute, False)
        if self._token is not None:
            request.setRawHeader(QByteArray(b"Authorization"), QByteArray(b"Bearer " + self._token.encode()))
        return request

    def stream(self, path: str) -> QNetworkReply:
        """Begin an event stream; the caller reads and ends it."""
        request = self.request(path)
        request.setRawHeader(QByteArray(b"Accept"), QByteArray(b"text/event-stream"))
        return self._network.get(request)

    def call(self, route: Route, body: Message | None = None, object_id: str | None = None) -> PendingCall:
        """Ask the service. Connect to what is returned before going back to the event loop."""
        request = self.request(route.address(object_id))
        request.setTransferTimeout(self._deadline_ms)
        request.setHeader(QNetworkRequest.KnownHeaders.ContentTypeHeader, "application/json")
        payload = QByteArray(b"" if body is None else body.model_dump_json().encode())
        reply = self._network.sendCustomRequest(request, QByteArray(route.method.encode()), payload)
        pending = PendingCall(self, reply, route.answer)
        if self._token is not None:
            pending.failed.connect(partial(self._notice_end, self._token))
        return pending

    def _notice_end(self, token: str, failure: Failure) -> None:
        # An answer to an earlier session's call ends no later one.
        if isinstance(failure, Refused) and failure.status == 401 and token == self._token:
            self.signed_out.emit()
