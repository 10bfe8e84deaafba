"""The way to a unit as options of a command, checked as the configuration checks it, then written into it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from functools import reduce
from pathlib import Path
from typing import Any, Final

import click

from ivr.commands import options
from ivr.commands.setting import Setting
from shared.config import ConfigurationWrong, load_config
from shared.delivery_settings import WAYS

_Command = Callable[..., Any]
_HELP: Final[Mapping[str, str]] = {
    "folder": "Folder its reports are put into and answers read from.",
    "https": "Or: address reports are posted to, as https://host/path.",
    "mail": "Or: e-mail address reports are sent to.",
    "sftp": "Or: folder on an SFTP server, as sftp://user@host/path.",
    "certificate": "Our client certificate for https.",
    "key": "Our private key for https or sftp.",
    "authority": "Who vouches for the unit's https server.",
    "api_key": "File that holds the API key the unit gave us.",
    "host_keys": "The SFTP server's public keys, as known_hosts.",
}
_TEXTS: Final = ("https", "mail", "sftp")
_PART: Final = ".part"


def by_way(command: _Command) -> _Command:
    """One option for each key of a unit's table in the configuration; they reach the command by those names."""
    return reduce(lambda made, key: _option(key)(made), reversed(list(_HELP)), command)


def _option(key: str) -> Callable[[_Command], _Command]:
    name = f"--{key.replace('_', '-')}"
    if key in _TEXTS:
        return click.option(name, key, metavar="ADDRESS", help=_HELP[key])
    return click.option(name, key, type=options.FOLDER if key == "folder" else options.FILE, help=_HELP[key])


def check_way(setting: Setting, unit: str, way: Mapping[str, str | Path | None]) -> str:
    """The lines for the configuration, "" for no way. Nothing is written.

    Raises click.ClickException where the unit has a way already or this one cannot be used, naming the key.
    """
    given = {key: value for key, value in way.items() if value is not None}
    if not given:
        return ""
    if unit in setting.config().outbox.units:
        named = next((one for one in WAYS if one in given), "way")
        raise click.ClickException(f"The configuration has a way to {unit} already: leave out --{named}.")
    lines = [f"\n[outbox.units.{json.dumps(unit)}]"]
    for key, value in given.items():
        written = str(value.expanduser().resolve()) if isinstance(value, Path) else value
        lines.append(f"{key} = {json.dumps(written, ensure_ascii=False)}")
    text = "\n".join(lines) + "\n"
    _check_whole(setting, text)
    return text


def write_way(setting: Setting, text: str, folder: Path | None) -> None:
    """Add lines that were checked; a folder of our own is made."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    if text:
        with setting.path.open("a", encoding="utf-8") as file:
            file.write(text)


def _check_whole(setting: Setting, text: str) -> None:
    """The configuration as it would be, for a way may need keys beside its own table."""
    aside = setting.path.with_name(f".{setting.path.name}.{secrets.token_hex(4)}{_PART}")
    try:
        aside.touch(mode=0o600)
        aside.write_text(setting.path.read_text(encoding="utf-8") + text, encoding="utf-8")
        load_config(aside, setting.environ)
    except ConfigurationWrong as fault:
        raise click.ClickException(f"This way cannot be used. {fault}") from None
    finally:
        aside.unlink(missing_ok=True)
