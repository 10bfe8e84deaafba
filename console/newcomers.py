"""Tells whoever signs in who else reads with their role's keys now: the service cannot add a reader unseen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from console import routes
from console.keyring import Keyring
from console.known_readers import KnownReaders, Reader
from console.link import Link
from console.models.people import ROLES
from console.translation import tr
from console.workers import Workers
from shared.people_messages import Names

NEW = tr("New with your keys: {readers}. If you did not expect this, ask an administrator.")
SOMEBODY = tr("somebody without a name here")


class Newcomers(QObject):
    """Emits `readers` with each reader in words, and `news` with a sentence where there are new ones."""

    readers = Signal(object)
    news = Signal(str)

    def __init__(self, link: Link, workers: Workers, keyring: Keyring, known: KnownReaders) -> None:
        super().__init__()
        self._link, self._workers, self._keyring, self._known = link, workers, keyring, known

    def look(self) -> None:
        """Someone signed in."""
        keys = self._keyring.keys
        if keys is not None:
            work = partial(self._known.look, keys.directory, keys.person_id)
            self._workers.run(work, self._name_them, lambda _: None)

    def _name_them(self, found: tuple[Reader, ...]) -> None:
        pending = self._link.call(routes.NAMES)
        pending.answered.connect(lambda names: self._tell(found, names))
        pending.failed.connect(lambda _: self._tell(found, Names(names=())))

    def _tell(self, found: tuple[Reader, ...], given: Names) -> None:
        if self._keyring.keys is None:
            return
        names = {one.id: one.name for one in given.names}
        self.readers.emit(tuple(_words(one, names) for one in found))
        new = [_words(one, names) for one in found if one.is_new]
        if new:
            self.news.emit(NEW.format(readers="; ".join(new)))


def _words(one: Reader, names: dict[str, str]) -> str:
    roles = ", ".join(ROLES[role].lower() for role in one.roles)
    name = names.get(one.person_id, SOMEBODY)
    return tr("{name} ({roles}), key {fingerprint}").format(name=name, roles=roles, fingerprint=one.fingerprint)
