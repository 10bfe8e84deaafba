"""Who reads with the keys one shares, as the signed directory says; who of them is new, and which key was made anew.

What is kept are key ids, in two files for each root and person: no name, and nothing secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shared.domain.vocabulary import Role
from shared.sealing.directory import Directory, RoleName
from shared.sealing.organisation import ROLE_KEYS
from shared.sealing.verify_key import VerifyKey


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads what one's role reads. `fingerprint` is to compare with theirs, aloud."""

    person_id: str
    roles: tuple[Role, ...]
    fingerprint: str
    is_new: bool


class KnownReaders:
    """Remembers who was there. What cannot be read or written counts as nobody known: all are told of once more."""

    def __init__(self, folder: Path, root: VerifyKey) -> None:
        self._folder, self._root = folder, root

    def look(self, directory: Directory, person_id: str) -> tuple[Reader, ...]:
        """Everyone who shares a key with this person, and who of them is new; then they are known.

        At the first look on this computer nobody is new. It reads and writes a file, so it belongs in a worker.
        """
        mine = _key_names(directory.person(person_id).roles)
        others = [one for one in directory.people if one.id != person_id and _key_names(one.roles) & mine]
        path = self._path("readers", person_id)
        known = _read(path)
        _write(path, {one.reader.key_id for one in others} | (known or set()))
        return tuple(
            Reader(one.id, one.roles, one.reader.fingerprint, known is not None and one.reader.key_id not in known)
            for one in others
        )

    def made_anew(self, directory: Directory, person_id: str) -> tuple[RoleName, ...]:
        """Which of the keys this person shares are not the ones of the last look; then they are known.

        At the first look on this computer none is. It reads and writes a file as `look` does.
        """
        present = _role_keys(directory)
        path = self._path("role-keys", person_id)
        known = _read(path)
        # Those of other roles too: whoever is given a role finds its key as it was, not made anew.
        _write(path, set(present.values()) | (known or set()))
        if known is None:
            return ()
        mine = _key_names(directory.person(person_id).roles)
        return tuple(role for role, key_id in present.items() if role.value in mine and key_id not in known)

    def _path(self, kind: str, person_id: str) -> Path:
        return self._folder / f"{kind}-{self._root.key_id}-{person_id}.known"


def _role_keys(directory: Directory) -> dict[RoleName, str]:
    """Each role's key id, in the vocabulary's order."""
    found = {key.role: key.reader.key_id for key in directory.roles}
    found[RoleName.RELEASE] = directory.release.verify.key_id
    return {role: found[role] for role in RoleName if role in found}


def _key_names(roles: tuple[Role, ...]) -> set[str]:
    return {key.value for role in roles for key in ROLE_KEYS[role]}


def _read(path: Path) -> set[str] | None:
    """None at the first look."""
    try:
        return set(path.read_text(encoding="ascii").split())
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        return set()


def _write(path: Path, key_ids: set[str]) -> None:
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text("".join(f"{key_id}\n" for key_id in sorted(key_ids)), encoding="ascii")
        fresh.replace(path)
    except OSError:
        return  # then they are told of again
