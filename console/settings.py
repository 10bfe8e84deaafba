"""The console's own settings, from `console.toml`: where the service is, and whose directory of keys it trusts.

It knows no secret: names, passphrases and keys are never settings.
"""

from __future__ import annotations

import ipaddress
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from console.translation import ENGLISH, languages
from shared.sealing.errors import KeyMalformed
from shared.sealing.verify_key import VerifyKey

DEFAULT_FILE: Final = "console.toml"
ENVIRONMENT_NAME: Final = "CANDOUR_CONSOLE_SETTINGS"

# Every key there is, by table; the first two are needed.
KEYS: Final = {"service": ("url", "root_public_key"), "console": ("data_folder", "idle_lock_minutes", "language")}
IDLE_LOCK_MINUTES: Final = 15
LONGEST_IDLE_MINUTES: Final = 60


class SettingsWrong(Exception):
    """The settings cannot be used; the sentence names the key."""


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """`service_url` has no slash at its end. `data_folder` keeps the highest directory version seen, how the
    window looks and, while the service is away, sealed drafts.

    After `idle_lock_minutes` without a key or a movement the desk locks. `language` is the console's own, never a
    caller's: one of those that it has a catalogue for.
    """

    service_url: str
    root: VerifyKey
    data_folder: Path
    idle_lock_minutes: int = IDLE_LOCK_MINUTES
    language: str = ENGLISH


def read_settings(path: Path, user_data_folder: Path) -> ConsoleSettings:
    """Read one settings file. A relative `data_folder` starts at the file's own folder. Raises SettingsWrong."""
    tables = _parsed(path)
    _refuse_unknown(tables)
    service, own = tables.get("service", {}), tables.get("console", {})
    folder = own.get("data_folder")
    return ConsoleSettings(
        service_url=_service_url(_text(service, "service", "url")),
        root=_root(_text(service, "service", "root_public_key")),
        data_folder=user_data_folder if folder is None else path.resolve().parent / str(folder),
        idle_lock_minutes=_minutes(own.get("idle_lock_minutes", IDLE_LOCK_MINUTES)),
        language=_language(own.get("language", ENGLISH)),
    )


def _language(written: object) -> str:
    if written not in languages():
        raise SettingsWrong(f"language in [console] is one of: {', '.join(languages())}.")
    return str(written)


def _minutes(written: object) -> int:
    if isinstance(written, bool) or not isinstance(written, int) or not 1 <= written <= LONGEST_IDLE_MINUTES:
        raise SettingsWrong(f"idle_lock_minutes in [console] is a whole number from 1 to {LONGEST_IDLE_MINUTES}.")
    return written


def _parsed(path: Path) -> dict[str, dict[str, object]]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsWrong(f"There is no settings file at {path}. `--settings` names another.") from None
    except (OSError, UnicodeDecodeError):
        raise SettingsWrong(f"The settings file at {path} cannot be read.") from None
    except tomllib.TOMLDecodeError as wrong:
        raise SettingsWrong(f"The settings file at {path} is not TOML: {wrong}.") from None
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise SettingsWrong(f"Unknown key: {name}.")
    return tables


def _refuse_unknown(tables: dict[str, dict[str, object]]) -> None:
    for name, table in tables.items():
        if name not in KEYS:
            raise SettingsWrong(f"Unknown table: [{name}].")
        for key in table:
            if key not in KEYS[name]:
                raise SettingsWrong(f"Unknown key: {key} in [{name}].")


def _text(table: dict[str, object], name: str, key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise SettingsWrong(f"Missing key: {key} in [{name}].")
    return value


def _root(text: str) -> VerifyKey:
    try:
        return VerifyKey.from_text(text)
    except KeyMalformed:
        raise SettingsWrong("root_public_key in [service] is not a public key of ours.") from None


def _service_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise SettingsWrong("url in [service] is not an address.") from None
    if parts.scheme not in ("https", "http") or not host or parts.query or parts.fragment or parts.username:
        raise SettingsWrong("url in [service] is not an https address.")
    if parts.scheme == "http" and not _is_loopback(host):
        raise SettingsWrong("url in [service] must be https, except on this machine itself.")
    return text.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
