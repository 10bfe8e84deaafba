"""Two administrators vouch for a change to the organisation's keys: who they are, shown with their passphrases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from sqlalchemy import Connection

from ivr.commands import options
from ivr.commands.setting import passphrase
from ivr.vouching import vouched

_NAMES: Final = click.option(
    "--administrator",
    "names",
    metavar="NAME",
    multiple=True,
    help="An administrator who vouches for this. Name two, once there are two.",
)
_FILES: Final = click.option(
    "--administrator-passphrase-file",
    "files",
    type=options.FILE,
    multiple=True,
    help="File holding that administrator's passphrase, in the same order; otherwise it is asked for.",
)


_Command = TypeVar("_Command", bound=Callable[..., Any])


def by_two(command: _Command) -> _Command:
    """The options by which those who vouch are named."""
    return _NAMES(_FILES(command))


def vouchers(tx: Connection, names: Sequence[str], files: Sequence[Path]) -> tuple[str, ...]:
    """Their ids. Raises NotVouchedFor, NotAnAdministrator or PassphraseUnsuitable."""
    waiting: list[Path | None] = [*files, *[None] * len(names)]
    return tuple(
        vouched(tx, name, passphrase(name, file)).as_administrator().person_id
        for name, file in zip(names, waiting, strict=False)
    )
