"""Tells supervisors on call that an alarm was raised, by e-mail and webhook: how many of which kind, and no more."""

from __future__ import annotations

import ssl
import threading
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Final

import httpx
import structlog
from sqlalchemy.exc import SQLAlchemyError

from shared.delivery_settings import Outbox
from shared.outbox.alarms import Alarm, AlarmKind, alarms
from shared.outbox.transports.https import HTTPS_PORT
from shared.outbox.transports.mail import account_from, send_mail
from shared.outbox.transports.patience import impatient, within
from shared.outbox.transports.places import Gate, Place
from shared.outbox.transports.way import EXCHANGE_SECONDS, NETWORK_SECONDS
from shared.outbox.troubles import CannotBeDelivered, Reason, WorldInTheWay
from shared.store.database import Store

_PAUSE_SECONDS: Final = 5.0
LOOK_EVERY: Final = timedelta(minutes=1)
Page = Callable[[str], None]  # takes the words; raises WorldInTheWay or CannotBeDelivered

_WORDS: Final = {
    AlarmKind.PARKED: ("delivery was put aside", "deliveries were put aside"),
    AlarmKind.UNANSWERED: ("report has gone unanswered for too long", "reports have gone unanswered for too long"),
    AlarmKind.UNREAD: (
        "unit's question has waited unread for too long",
        "units' questions have waited unread for too long",
    ),
    AlarmKind.NO_KEY: (
        "unit has no key that anything can be sealed for",
        "units have no key that anything can be sealed for",
    ),
}
_PLACES: Final = {
    AlarmKind.PARKED: "the outbox",
    AlarmKind.UNANSWERED: "the outbox",
    AlarmKind.UNREAD: "the units' questions",
    AlarmKind.NO_KEY: "the units' keys",
}
_LOGGED_AS: Final = {
    AlarmKind.PARKED: "delivery",
    AlarmKind.UNANSWERED: "delivery",
    AlarmKind.NO_KEY: "unit",
}
_log = structlog.get_logger()


@dataclass(slots=True)
class Pager:
    """Looks once a minute and tells of each alarm once. One that starts anew tells of those that stand."""

    store: Store
    clock: Callable[[], datetime]
    unanswered_days: int
    pages: Sequence[Page] = ()
    _looked: datetime | None = None
    _told: frozenset[Alarm] = field(default_factory=frozenset)

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop."""
        while not stop.is_set():
            try:
                self.step()
            except SQLAlchemyError as error:  # the database is away; what stands will still stand in a minute
                _log.warning("paging_waits", error=type(error).__name__)
            stop.wait(_PAUSE_SECONDS)

    def step(self) -> bool:
        """Whether anybody was told of anything."""
        now = self.clock()
        if self._looked is not None and timedelta(0) <= now - self._looked < LOOK_EVERY:
            return False
        self._looked = now
        with self.store.read() as tx:
            standing = alarms(tx, now, self.unanswered_days)
        new = standing - self._told
        if new and not self._tell(new):
            return False  # nobody could be told: again in a minute
        self._told = standing
        return bool(new)

    def _tell(self, new: Collection[Alarm]) -> bool:
        for alarm in new:
            about = {_LOGGED_AS[alarm.kind]: alarm.about} if alarm.kind in _LOGGED_AS else {}
            _log.error("alarm_raised", kind=alarm.kind.value, **about)
        told = [_was_told(page, words(new)) for page in self.pages]
        return not told or any(told)


def words(new: Collection[Alarm]) -> str:
    """What is said of these alarms: no id, no unit, no date."""
    found = Counter(alarm.kind for alarm in new)
    said = [f"{n} {_WORDS[kind][n > 1]}" for kind, n in sorted(found.items())]
    places = " and ".join(dict.fromkeys(_PLACES[kind] for kind in AlarmKind if kind in found))
    return f"Candour: {'; '.join(said)}. Please look at {places}."


def _was_told(page: Page, said: str) -> bool:
    try:
        page(said)
    except (WorldInTheWay, CannotBeDelivered) as trouble:
        _log.error("nobody_paged", reason=trouble.reason.value)
        return False
    return True


def pages(outbox: Outbox) -> tuple[Page, ...]:
    """The ways to tell people as configured. Raises OSError where a file cannot be read."""
    found: list[Page] = []
    if outbox.page_mail:
        found.append(_by_mail(outbox))
    if outbox.page_webhook:
        tls = ssl.create_default_context()
        found.append(Webhook(Place.at(outbox.page_webhook, HTTPS_PORT), tls, Gate.listing(outbox.private_networks)))
    return tuple(found)


def _by_mail(outbox: Outbox) -> Page:
    account = account_from(outbox)

    def page(said: str) -> None:
        message = EmailMessage()
        message["From"], message["To"] = outbox.mail_from, ", ".join(outbox.page_mail)
        message["Subject"] = "Candour: somebody is needed"
        message.set_content(said)
        send_mail(account, message)

    return page


@dataclass(frozen=True, slots=True)
class Webhook:
    """Posts ``{"text": …}``, as the usual chat and paging services take it. No redirect is followed."""

    place: Place
    tls: ssl.SSLContext
    gate: Gate
    patience: float = EXCHANGE_SECONDS

    def __call__(self, said: str) -> None:
        numeric = self.gate.address_of(self.place)
        address = httpx.URL(scheme="https", host=numeric, port=self.place.port, path=self.place.path or "/")
        headers, extensions = {"Host": self.place.shown}, {"sni_hostname": self.place.host}
        try:
            with (
                within(self.patience),
                httpx.Client(verify=impatient(self.tls), timeout=NETWORK_SECONDS, trust_env=False) as client,
                client.stream("POST", address, json={"text": said}, headers=headers, extensions=extensions) as told,
            ):
                taken = told.is_success  # what else it says is not read
        except httpx.TransportError:
            raise WorldInTheWay(Reason.NO_CONNECTION) from None
        if not taken:
            raise WorldInTheWay(Reason.NOT_ACKNOWLEDGED)
