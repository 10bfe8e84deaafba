"""Reads the configuration file and the environment's secrets; what the keys mean is in ``settings``.

A missing, unknown or impossible key stops the program, which names the key and says what would be right. What a key
holds is never repeated, for it may be a secret.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from shared.delivery_settings import UnitRoute
from shared.line_hours import LineHours
from shared.settings import Config

ENVIRONMENT_PREFIX: Final = "CANDOUR_"
DEFAULT_FILE: Final = "config.toml"
# Keys that may come from the environment, or from a file the environment names, so that no secret need be in the TOML.
SECRETS: Final = (("telephony", "auth_token"), ("telephony", "auth_token_next"), ("database", "url"))


class ConfigurationWrong(Exception):
    """The program cannot start with this configuration. ``problems`` are sentences, each naming its key."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def config_path(option: str | None, environ: Mapping[str, str]) -> Path:
    """The file ``--config`` names, else CANDOUR_CONFIG, else config.toml in the working directory."""
    return Path(option or environ.get(f"{ENVIRONMENT_PREFIX}CONFIG") or DEFAULT_FILE)


def load_config(path: Path, environ: Mapping[str, str]) -> Config:
    """Read and check the configuration. Raises ConfigurationWrong, naming every key that is wrong."""
    written = _read(path)
    for (section, key), secret in _secrets_from(environ):
        table = written.setdefault(section, {})
        if isinstance(table, dict):
            table[key] = secret
    for section in Config.model_fields:
        written.setdefault(section, {})
    try:
        return Config.model_validate(written, context={"folder": path.resolve().parent})
    except ValidationError as error:
        raise ConfigurationWrong(*_problems(error)) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationWrong(
            f"There is no file {path}. 'candour init' makes one; --config names another."
        ) from None
    except (OSError, UnicodeDecodeError):
        raise ConfigurationWrong(f"The file {path} cannot be read.") from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at [^)]*\)$", str(error))
        raise ConfigurationWrong(f"The file {path} is not valid TOML{place.group() if place else ''}.") from None


def _secrets_from(environ: Mapping[str, str]) -> Iterator[tuple[tuple[str, str], str]]:
    names = {f"{ENVIRONMENT_PREFIX}{section}__{key}".upper(): (section, key) for section, key in SECRETS}
    for name, value in sorted(environ.items()):
        if not re.match(rf"{ENVIRONMENT_PREFIX}[A-Z]+__", name):
            continue
        if name in names:
            yield names[name], value
        elif name.endswith("_FILE") and name.removesuffix("_FILE") in names:
            yield names[name.removesuffix("_FILE")], _secret_in(name, Path(value))
        else:
            raise ConfigurationWrong(
                f"{name}: unknown in the environment. Known, each also with _FILE: {', '.join(names)}."
            )


def _secret_in(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigurationWrong(f"{name}: the file it names cannot be read.") from None


def _problems(error: ValidationError) -> Iterator[str]:
    for one in error.errors(include_input=False, include_url=False):
        steps = tuple(str(step) for step in one["loc"])
        yield f"{_named(steps)}{_fact(one['type'], one['msg'], steps)}"


def _named(steps: tuple[str, ...]) -> str:
    """The key as it is written in the file: ``[outbox.units.kent] folder``."""
    depth = 3 if steps[:2] == ("outbox", "units") else 2 if steps[:2] == ("line", "hours") else 1
    table, keys = ".".join(steps[:depth]), steps[depth : depth + 1]
    return f"[{table}] {keys[0]}: " if keys else f"[{table}]: " if table else ""


def _fact(kind: str, message: str, steps: tuple[str, ...]) -> str:
    known = _keys_beside(steps)
    right = _meaning(steps)
    match kind:
        case "impossible":
            return f"{message}."
        case "missing":
            return f"missing. {right}".strip()
        case "extra_forbidden":
            near = difflib.get_close_matches(steps[-1], known, n=1)
            return f"unknown. Did you mean {near[0]}?" if near else f"unknown. Known here: {', '.join(known)}."
        case _:
            return f"not possible. {right}".strip()


def _meaning(steps: tuple[str, ...]) -> str:
    """What the innermost documented key on the way to a fault is for."""
    for depth in range(len(steps), 0, -1):
        meaning = _keys_beside(steps[:depth]).get(steps[depth - 1])
        if meaning:
            return meaning
    return ""


def _keys_beside(steps: tuple[str, ...]) -> dict[str, str]:
    """The keys of the table the last step is in, each with its meaning; none where there is no such table."""
    table = _table(steps[:-1])
    return {name: field.description or "" for name, field in table.model_fields.items()} if table else {}


def _table(steps: tuple[str, ...]) -> type[BaseModel] | None:
    match steps:
        case ():
            return Config
        case ("outbox", "units", _):
            return UnitRoute
        case ("line", "hours"):
            return LineHours
        case (section,) if section in Config.model_fields:
            annotation = Config.model_fields[section].annotation
            return annotation if isinstance(annotation, type) else None
        case _:
            return None
