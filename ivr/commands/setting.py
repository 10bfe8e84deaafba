"""What every command starts from: configuration, database, the passphrases a person gives. It runs nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import click
from sqlalchemy.engine import make_url

from shared.config import config_path, load_config
from shared.domain.london import london_day
from shared.sealing.errors import PassphraseUnsuitable
from shared.sealing.passphrase import MIN_PASSPHRASE, passphrase_bytes
from shared.settings import Config
from shared.store.database import Store, open_store
from shared.store.migrate import bring_up_to_date

_SQLITE: Final = b"SQLite format 3"


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a command finds its configuration. Nothing is read until it is asked for."""

    option: str | None
    environ: Mapping[str, str]

    @property
    def path(self) -> Path:
        return config_path(self.option, self.environ)

    def config(self) -> Config:
        """Raises ConfigurationWrong."""
        return load_config(self.path, self.environ)

    @contextmanager
    def store(self, *, new: bool = False) -> Iterator[Store]:
        """The database, its tables brought up to date; one that is not there is made only where it may be ``new``.

        Raises ConfigurationWrong, click.ClickException.
        """
        url = self.config().database.url.get_secret_value()
        _see_that_it_is_there(url, new)
        store = open_store(url)
        try:
            bring_up_to_date(store)
            yield store
        finally:
            store.close()

    def today(self) -> date:
        """The London day."""
        return london_day(datetime.now(UTC))

    def root_path(self, given: Path | None) -> Path:
        """Where the root key is looked for when nobody says: beside the folder of the configuration, not in it."""
        return given or beside(self.path.resolve().parent)

    @property
    def console_path(self) -> Path:
        """The settings that 'candour init' wrote for consoles."""
        return self.path.resolve().parent / "console.toml"


def _see_that_it_is_there(url: str, new: bool) -> None:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return
    file = Path(parsed.database)
    if not file.exists():
        if not new:
            raise click.ClickException(f"There is no database at {file}: 'candour init' makes one.")
        return
    with file.open("rb") as opened:
        if opened.read(len(_SQLITE)) not in (b"", _SQLITE):
            raise click.ClickException(f"{file} is no database: [database] url names another file.")


def beside(folder: Path) -> Path:
    """The root key's own place: next to the data folder, so that a copy of the data never holds it."""
    return folder.with_name(f"{folder.name}-root.key")


def passphrase(whose: str, file: Path | None, *, new: bool = False) -> str:
    """A passphrase from its file, or as typed (twice for a new one). Raises click.ClickException."""
    if file is None:
        return _typed(whose, new)
    given = _first_line(file)
    try:
        passphrase_bytes(given)
    except PassphraseUnsuitable as fact:
        raise click.ClickException(f"The passphrase of {whose} in {file} cannot be used. {fact}") from None
    return given


def _typed(whose: str, new: bool) -> str:
    ask = f"Passphrase of {whose}{f' (at least {MIN_PASSPHRASE} characters)' if new else ''}"
    try:
        given: str = click.prompt(ask, hide_input=True, confirmation_prompt=new, value_proc=_suitable)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        from_file = "Without a terminal, give it in a file: see the options that end in passphrase-file."
        raise click.ClickException(f"The passphrase of {whose} was not given. {from_file}") from None
    return given


def _suitable(given: str) -> str:
    """What was typed, or word of what is wrong with it, after which it is asked for again."""
    try:
        passphrase_bytes(given)
    except PassphraseUnsuitable as fact:
        raise click.UsageError(str(fact)) from None
    return given


def _first_line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError):
        raise click.ClickException(f"The passphrase file {file} cannot be read.") from None
