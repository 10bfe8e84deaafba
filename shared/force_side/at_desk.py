"""The officer's desk as every command finds it: the unit's file, its keys, and refusals in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from shared.force_side.refusals import KeysForAnotherUnit
from shared.force_side.unit_file import UnitFile, read_bytes, read_unit_file
from shared.force_side.unit_keys import UnitKeys, keys_from_bytes, needs_passphrase
from shared.sealing.errors import PassphraseUnsuitable, SealingError

EXISTING_PATH: Final = click.Path(exists=True, path_type=Path)
EXISTING_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
EXISTING_FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class At:
    """Where the unit's own file is, and where the passphrase comes from: a file, or the person (None)."""

    unit_file: Path
    passphrase_file: Path | None

    def unit(self) -> UnitFile:
        return read_unit_file(self.unit_file)

    def keys(self, unit: UnitFile) -> UnitKeys:
        with about(unit.keys):
            written = read_bytes(unit.keys)
            keys = keys_from_bytes(written, self._passphrase() if needs_passphrase(written) else None)
            if keys.unit != unit.unit:
                raise KeysForAnotherUnit
            return keys

    def _passphrase(self) -> str:
        if self.passphrase_file is not None:
            return passphrase_from(self.passphrase_file)
        return str(click.prompt("Passphrase", hide_input=True, err=True))


def passphrase_from(path: Path) -> str:
    """The first line of a file. Raises FileUnreadable or PassphraseUnsuitable."""
    try:
        lines = read_bytes(path).decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise PassphraseUnsuitable from None
    return lines[0] if lines else ""


@contextmanager
def plain_words() -> Iterator[None]:
    """A refusal becomes one sentence and exit status 1."""
    try:
        yield
    except SealingError as refusal:
        raise click.ClickException(refusal.words) from None
    except OSError as trouble:
        raise click.ClickException(in_the_way(trouble)) from None


@contextmanager
def about(path: Path) -> Iterator[None]:
    """Plain words that begin with the name of the file they are about."""
    try:
        yield
    except SealingError as refusal:
        raise click.ClickException(f"{path.name}: {refusal.words}") from None


def in_the_way(trouble: OSError) -> str:
    return f"{trouble.filename or 'A file'} could not be written or read: {trouble.strerror}."
