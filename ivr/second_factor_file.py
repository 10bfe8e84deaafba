"""The file that holds the key under which second factors are kept: made once, read by the desk, never in the database.

A copy of the database without this file makes no code of the moment, and a restored database needs it.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from sqlalchemy import select

from shared.config import ConfigurationWrong
from shared.domain.second_factor import KEY_BYTES, SecondFactorKey
from shared.force_side.unit_keys import write_private
from shared.sealing.canonical import NotCanonical, from_base64url, to_base64url
from shared.settings import Desk, SecondFactor
from shared.store.database import Store
from shared.store.schema import person

_FORM: Final = "candour-second-factor"


def second_factor_key(desk: Desk) -> SecondFactorKey | None:
    """The key as configured; None where no code is asked for. Raises ConfigurationWrong."""
    return read_key(desk.second_factor_key) if desk.second_factor is SecondFactor.REQUIRED else None


def see_that_there_is_one(desk: Desk, store: Store) -> None:
    """Make the file unless it is there. Raises ConfigurationWrong where secrets are kept under one that is lost."""
    path = desk.second_factor_key
    if desk.second_factor is SecondFactor.OFF or path.exists():
        return
    with store.read() as tx:
        kept = tx.execute(select(person.c.id).where(person.c.second_factor.is_not(None)).limit(1)).first()
    if kept is not None:
        raise ConfigurationWrong(
            f"[desk] second_factor_key: there is no file {path}, and people's second factors are kept under it. "
            "Bring it back, or 'candour person reset-second-factor --everyone' has everyone set up anew."
        )
    make_key(path)


def make_key(path: Path) -> None:
    """A fresh key in a new file that only its owner can read. Raises FileExists."""
    write_private(path, f"{_FORM}.{to_base64url(secrets.token_bytes(KEY_BYTES))}\n".encode("ascii"))


def read_key(path: Path) -> SecondFactorKey:
    """Raises ConfigurationWrong: no file, or not one of these."""
    try:
        form, _, written = path.read_text(encoding="ascii").strip().partition(".")
        raw = from_base64url(written)
    except OSError:
        raise ConfigurationWrong(f"[desk] second_factor_key: the file {path} cannot be read.") from None
    except (UnicodeDecodeError, NotCanonical):
        form, raw = "", b""
    if form != _FORM or len(raw) != KEY_BYTES:
        raise ConfigurationWrong(f"[desk] second_factor_key: {path} is not such a file.")
    return SecondFactorKey(raw)
