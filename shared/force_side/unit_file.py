"""``unit.toml``: which unit this is, whom it trusts, and where its key and directory files are.

It is made at enrolment and read on every start; it holds no secret. The highest directory version seen is kept in a
file of its own beside it, so that an older directory is never believed again.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shared.force_side.refusals import FileUnreadable, NotEnrolled, UnitFileWrong
from shared.sealing.directory import Directory
from shared.sealing.errors import KeyMalformed
from shared.sealing.header import is_slug
from shared.sealing.signed_directory import verify_directory
from shared.sealing.verify_key import Signers, VerifyKey

UNIT_FILE: Final = "unit.toml"
_KEYS: Final = frozenset({"unit", "root", "release", "directory", "keys"})

_TEMPLATE: Final = """\
# Made by candour-force keygen. Nothing here is secret.

# This unit's name in the charity's directory.
unit = {unit}

# The charity's root key ("candour-verify.…"), as compared aloud with the charity.
root = {root}

# The charity's directory of keys, beside this file: a new one may replace it at any time.
directory = {directory}

# Only where there is no directory: the charity's release key itself.
release = ""

# The unit's private keys.
keys = {keys}
"""


@dataclass(frozen=True, slots=True)
class UnitFile:
    """What ``unit.toml`` says; paths are absolute. ``root`` and ``release`` are None where not given."""

    unit: str
    root: VerifyKey | None
    release: VerifyKey | None
    directory: Path
    keys: Path

    @property
    def _seen(self) -> Path:
        return self.directory.with_name(self.directory.name + ".seen")

    def release_key(self) -> Signers:
        """The keys a report may be signed with: one pinned here, or those in the directory the root signed.

        Reports that left under an earlier key are still read. Expiry does not matter for reading. Raises NotEnrolled,
        or what verify_directory raises.
        """
        return self.release or self.trusted_directory().release_keys

    def trusted_directory(self) -> Directory:
        """The directory, never older than one seen before. Raises NotEnrolled, or what verify_directory raises."""
        if self.root is None or not self.directory.is_file():
            raise NotEnrolled
        seen = self._seen.read_text(encoding="ascii").strip() if self._seen.is_file() else "0"
        highest = int(seen) if seen.isdecimal() else 0
        directory = verify_directory(read_bytes(self.directory), self.root, highest, today=None)
        if directory.version > highest:
            self._seen.write_text(f"{directory.version}\n", encoding="ascii")
        return directory


def unit_file_text(unit: str, root: VerifyKey | None, directory: str, keys: str) -> str:
    """A new ``unit.toml``; ``directory`` and ``keys`` are file names beside it."""
    written = {"unit": unit, "root": root.to_text() if root else "", "directory": directory, "keys": keys}
    return _TEMPLATE.format(**{key: json.dumps(value) for key, value in written.items()})


def read_unit_file(path: Path) -> UnitFile:
    """Raises UnitFileWrong: no such file, not TOML, or a key missing, unknown or impossible."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        if table.keys() - _KEYS or not all(isinstance(value, str) for value in table.values()):
            raise UnitFileWrong
        unit, folder = table["unit"], path.absolute().parent
        if not is_slug(unit):
            raise UnitFileWrong
        return UnitFile(
            unit=unit,
            root=_key(table.get("root", "")),
            release=_key(table.get("release", "")),
            directory=folder / table.get("directory", "directory.json"),
            keys=folder / table["keys"],
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, KeyMalformed):
        raise UnitFileWrong from None


def _key(text: str) -> VerifyKey | None:
    return VerifyKey.from_text(text) if text else None


def read_bytes(path: Path) -> bytes:
    """A file's bytes. Raises FileUnreadable."""
    try:
        return path.read_bytes()
    except OSError:
        raise FileUnreadable from None
