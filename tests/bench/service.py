"""Candour's own line and desk as the bench serves them, on a small embedded database with one handler in it."""

from __future__ import annotations

import secrets
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from flask import Flask
from sqlalchemy import insert

from ivr.app import LINE_THREADS
from ivr.desk.app import desk_app
from ivr.line.app import LineSettings, line_app
from ivr.process import stop_on_signals
from shared.domain.people import enrol
from shared.domain.presence import set_presence
from shared.domain.signing_in import Presented, sign_in
from shared.domain.vocabulary import Language, PresenceState, Role
from shared.sealing.keys import ReaderKey, SigningKey
from shared.sealing.organisation import PersonKeys
from shared.sealing.sign_in import hash_authentication, new_parameters
from shared.store.columns import random_id
from shared.store.database import Store, open_store
from shared.store.migrate import bring_up_to_date
from shared.store.schema import instance
from tests.bench.servers import free_port, serving, told
from tests.bench.webhooks import AUTH_TOKEN, LINE_NUMBER, address
from tests.support.on_duty import put_on_duty

THREADS: Final = LINE_THREADS
HANDLER: Final = "Ffion"
HANDSET: Final = "+442079460123"


def now() -> datetime:
    return datetime.now(UTC)


def new_database(folder: Path) -> str:
    """The SQLAlchemy URL of a fresh database with its tables."""
    url = f"sqlite:///{folder / 'candour.db'}"
    store = open_store(url)
    bring_up_to_date(store)
    put_on_duty(store, now())
    store.close()
    return url


def signed_in_handler(store: Store) -> str:
    """Enrols a handler who is available and gives the token of their session; no passphrase is involved."""
    authentication, reader, signing = secrets.token_bytes(32), ReaderKey.generate(), SigningKey.generate()
    keys = PersonKeys(
        person_id=random_id(),
        roles=(Role.HANDLER,),
        reader=reader.public,
        verify=signing.public,
        private_bundle=secrets.token_bytes(64),
        authentication_hash=hash_authentication(authentication),
        parameters=new_parameters(),
    )
    with store.begin() as tx:
        tx.execute(insert(instance), {"id": 1, "sign_in_secret": secrets.token_bytes(32)})
        enrol(tx, keys, HANDLER, (Language.EN,), {}, handset=HANDSET)
        session = sign_in(tx, Presented(HANDLER, authentication), now())
        assert session is not None
        set_presence(tx, keys.person_id, PresenceState.AVAILABLE, now())
    return session.token


@dataclass(frozen=True, slots=True)
class Service:
    """Where the line and the desk of one database will listen."""

    database: str
    line_port: int = field(default_factory=free_port)
    desk_port: int = field(default_factory=free_port)

    def line(self) -> AbstractContextManager[None]:
        """Serves the line while the block runs."""
        return serving("tests.bench.service:line", self.line_port, THREADS, self._settings())

    def desk(self) -> AbstractContextManager[None]:
        """Serves the desk while the block runs."""
        return serving("tests.bench.service:desk", self.desk_port, THREADS, self._settings())

    def _settings(self) -> dict[str, str]:
        return {"database": self.database, "public_url": address(self.line_port)}


def line() -> Flask:
    """For the listener, inside its worker: the line's application."""
    settings = LineSettings(public_url=told("public_url"), auth_tokens=(AUTH_TOKEN,), number=LINE_NUMBER)
    return line_app(open_store(told("database")), settings, now)


def desk() -> Flask:
    """For the listener, inside its worker: the desk's application."""
    return desk_app(open_store(told("database")), now, stop_on_signals())
