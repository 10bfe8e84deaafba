"""Tells whoever signs in who else reads with their role's keys now, and which of these were made anew.

The service cannot add a reader unseen, and whoever stays learns that somebody left.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from console import routes
from console.keyring import Keyring, Keys
from console.known_readers import KnownReaders, Reader
from console.link import Link
from console.models.people import ROLES
from console.translation import tr
from console.workers import Workers
from shared.people_messages import Names
from shared.sealing.directory import RoleName

NEW = tr("New with your keys: {readers}. If you did not expect this, ask an administrator.")
MADE_ANEW = tr(
    "Made anew since you last signed in here: {keys}. That is done when somebody leaves, and now and then. "
    "If you did not expect this, ask an administrator."
)
OWN_SUSPENDED = tr("Your own key is suspended: colleagues can seal nothing for you. Please speak to an administrator.")
ROLE_KEYS = {
    RoleName.SUPERVISORS: tr("the supervisors' key"),
    RoleName.DESK: tr("the desk's key"),
    RoleName.RELEASE: tr("the key that reports leave under"),
}
SOMEBODY = tr("somebody without a name here")


@dataclass(frozen=True, slots=True)
class _Seen:
    readers: tuple[Reader, ...]
    anew: tuple[RoleName, ...]
    suspended: bool  # one's own key


class Newcomers(QObject):
    """Emits `readers` with each reader in words, and `news` where there are new ones or a key was made anew."""

    readers = Signal(object)
    news = Signal(str)

    def __init__(self, link: Link, workers: Workers, keyring: Keyring, known: KnownReaders) -> None:
        super().__init__()
        self._link, self._workers, self._keyring, self._known = link, workers, keyring, known

    def look(self) -> None:
        """Someone signed in."""
        keys = self._keyring.keys
        if keys is not None:
            work = partial(_seen, self._known, keys)
            self._workers.run(work, self._name_them, lambda _: None)

    def _name_them(self, found: _Seen) -> None:
        pending = self._link.call(routes.NAMES)
        pending.answered.connect(lambda names: self._tell(found, names))
        pending.failed.connect(lambda _: self._tell(found, Names(names=())))

    def _tell(self, found: _Seen, given: Names) -> None:
        if self._keyring.keys is None:
            return
        names = {one.id: one.name for one in given.names}
        self.readers.emit(tuple(_words(one, names) for one in found.readers))
        new = [_words(one, names) for one in found.readers if one.is_new]
        told = [OWN_SUSPENDED] if found.suspended else []
        if new:
            told.append(NEW.format(readers="; ".join(new)))
        if found.anew:
            told.append(MADE_ANEW.format(keys=", ".join(ROLE_KEYS[role] for role in found.anew)))
        if told:
            self.news.emit(" ".join(told))


def _seen(known: KnownReaders, keys: Keys) -> _Seen:
    # Whoever is suspended still holds what they share: they are told of as the root signed it.
    readers, anew = known.look(keys.signed, keys.person_id), known.made_anew(keys.signed, keys.person_id)
    return _Seen(readers, anew, keys.own.reader.key_id in keys.suspended)


def _words(one: Reader, names: dict[str, str]) -> str:
    roles = ", ".join(ROLES[role].lower() for role in one.roles)
    name = names.get(one.person_id, SOMEBODY)
    return tr("{name} ({roles}), key {fingerprint}").format(name=name, roles=roles, fingerprint=one.fingerprint)
