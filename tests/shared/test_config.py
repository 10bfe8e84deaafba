"""What a configuration may say, and what a person is told when it cannot be used."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from shared.addresses import Address
from shared.config import SECRETS, ConfigurationWrong, config_path, load_config
from shared.delivery_settings import UnitRoute
from shared.line_hours import LineHours
from shared.settings import Config, LogLevel

ROOT = Path(__file__).parents[2]
SECRET = "not-to-be-seen-anywhere-3f"

LEAST = {
    "line": {"public_url": "http://127.0.0.1:8080"},
    "telephony": {
        "provider": "simulator",
        "account_sid": "AC" + "0" * 32,
        "auth_token": SECRET,
        "api_base_url": "http://127.0.0.1:8090",
        "number": "+441134960000",
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, **changes: Mapping[str, object]) -> Path:
    """A configuration file: the least that works, with some sections changed. A key set to None is left out."""
    sections = {name: {**LEAST.get(name, {}), **changes.get(name, {})} for name in (*LEAST, *changes)}
    lines = [line for name, keys in sections.items() for line in (f"[{name}]", *_lines(keys))]
    path = folder / "config.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _lines(keys: Mapping[str, object]) -> Iterator[str]:
    for key, value in keys.items():
        if value is not None:
            yield f"{key} = {str(value).lower() if isinstance(value, bool) else repr(value)}"


def problems(path: Path, environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(ConfigurationWrong) as wrong:
        load_config(path, environ or {})
    return wrong.value.problems


def test_the_least_configuration_has_every_default(folder: Path) -> None:
    config = load_config(write(folder), {})

    assert config.line.listen == Address("127.0.0.1", 8080)
    assert config.desk.service_url == "http://127.0.0.1:8443"
    assert config.outbox.batch_times == ("Tue 06:00", "Fri 06:00")
    assert config.logging.level is LogLevel.INFO


def test_relative_paths_are_beside_the_configuration_file(folder: Path) -> None:
    path = write(
        folder, **{"database": {"url": "sqlite:///data/calls.db"}, "outbox.units.kent-psd": {"folder": "kent"}}
    )

    config = load_config(path, {})

    assert config.database.url.get_secret_value() == f"sqlite:///{folder}/data/calls.db"
    assert config.outbox.units["kent-psd"].folder == folder / "kent"


def test_postgresql_is_spoken_to_through_psycopg(folder: Path) -> None:
    path = write(folder, database={"url": "postgresql://candour@db.example.org/candour"})

    url = load_config(path, {}).database.url.get_secret_value()

    assert url == "postgresql+psycopg://candour@db.example.org/candour"


def test_a_file_that_is_not_there_is_named(folder: Path) -> None:
    assert problems(folder / "none.toml") == (
        f"There is no file {folder}/none.toml. 'candour init' makes one; --config names another.",
    )


def test_a_file_that_is_not_toml_says_where(folder: Path) -> None:
    path = folder / "config.toml"
    path.write_text(f"[telephony]\nauth_token = {SECRET}\n", encoding="utf-8")

    assert problems(path) == (f"The file {path} is not valid TOML (at line 2, column 14).",)


@pytest.mark.parametrize(
    ("section", "key", "value", "told"),
    [
        ("line", "public_url", None, "[line] public_url: missing. Address at which Twilio reaches the line"),
        ("line", "publc_url", "x", "[line] publc_url: unknown. Did you mean public_url?"),
        ("line", "zzz", "x", "[line] zzz: unknown. Known here: public_url, listen, online_route, prompts, "),
        ("line", "listen", "8080", "[line] listen: host and port, like 127.0.0.1:8080."),
        ("line", "listen", "127.0.0.1:0", "[line] listen: a port from 1 to 65535"),
        ("line", "public_url", "http://line.example.org", "[line] public_url: https://host; plain http only on this"),
        ("line", "public_url", "https://my_line.example.org", "[line] public_url: a host name without an underscore"),
        ("line", "public_url", "https://line.example.org/voice", "[line] public_url: https://host alone"),
        ("line", "public_url", "line.example.org", "[line] public_url: https://host, with a host name."),
        ("line", "max_calls", 0, "[line] max_calls: not possible. Calls in progress at once, 1 to 4000"),
        ("line", "welsh_wait_minutes", 60, "[line]: welsh_wait_minutes: less than longest_wait_minutes"),
        ("line.hours", "monday", ["9-5"], '[line.hours] monday: hours are written "09:00-17:30"'),
        ("line.hours", "mondy", ["09:00-17:00"], "[line.hours] mondy: unknown. Did you mean monday?"),
        ("line.hours", "closed", ["25 December"], "[line.hours] closed: not possible. Dates on which the line is"),
        ("desk", "listen", "0.0.0.0:8443", "[desk]: listen: without certificate and key only an address on this"),
        ("desk", "certificate", "cert.pem", "[desk]: certificate and key belong together"),
        ("desk", "url", "http://desk.example.org", "[desk] url: https://host; plain http only on this machine"),
        ("desk", "second_factor", "optional", "[desk] second_factor: not possible. Whether signing in takes an"),
        ("desk", "stream_cap", 0, "[desk] stream_cap: not possible. Consoles that may follow the desk at once"),
        ("database", "url", "mysql://x/y", "[database] url: sqlite:///path or postgresql://user:password@host/name."),
        ("database", "url", "sqlite:///:memory:", "[database] url: sqlite:///path or"),
        ("telephony", "provider", "carrier pigeon", "[telephony] provider: not possible. Who carries the calls:"),
        ("telephony", "account_sid", "AC1", "[telephony] account_sid: not possible. Twilio account: AC and 32"),
        ("telephony", "auth_token", None, "[telephony] auth_token: missing. Twilio's auth token"),
        ("telephony", "auth_token", "short-9", "[telephony] auth_token: not possible. Twilio's auth token"),
        ("telephony", "number", "0113 496 0000", "[telephony] number: not possible. The line's own number"),
        ("telephony", "region", "ie1", "[telephony]: region and edge belong together"),
        ("telephony", "api_base_url", "http://example.org:80", "[telephony]: api_base_url: where the simulator"),
        ("outbox", "batch_times", ["25:00"], '[outbox] batch_times: times are written "06:00"'),
        ("outbox.units.kent", "folder", 5, "[outbox.units.kent] folder: not possible. Folder the unit's sealed"),
        ("outbox.units.kent", "https", "https://unit.example.org:99999/r", "[outbox.units.kent] https: a port is 1 to"),
        ("outbox.units.kent", "sftp", "sftp://us@[::::::::1]/r", "[outbox.units.kent] sftp: a port is 1 to 65535, and"),
        ("outbox.units.kent", "email", "x", "[outbox.units.kent] email: unknown. Did you mean mail?"),
        ("loging", "level", "info", "[loging]: unknown. Did you mean logging?"),
    ],
)
def test_a_wrong_key_is_named_with_what_would_be_right(
    folder: Path, section: str, key: str, value: object, told: str
) -> None:
    path = write(folder, **{section: {key: value}})

    said = problems(path)

    assert any(problem.startswith(told) for problem in said), said


def test_a_line_that_would_never_open_is_refused(folder: Path) -> None:
    week = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

    said = problems(write(folder, **{"line.hours": {day: [] for day in week}}))

    assert said == ("[line.hours]: the line would never open.",)


def test_hours_are_read_by_weekday_and_date(folder: Path) -> None:
    path = write(folder, **{"line.hours": {"sunday": ["10:00-16:00"], "closed": ["2026-12-25"]}})

    hours = load_config(path, {}).line.hours.hours

    assert not hours.is_open(datetime(2026, 12, 25, 12, tzinfo=UTC))
    assert not hours.is_open(datetime(2026, 6, 14, 8, 30, tzinfo=UTC))
    assert hours.is_open(datetime(2026, 6, 14, 9, 30, tzinfo=UTC))


def test_every_wrong_key_is_named_at_once(folder: Path) -> None:
    path = write(folder, line={"public_url": None}, telephony={"number": "1"})

    assert len(problems(path)) == 2


def test_what_a_key_holds_is_never_repeated(folder: Path) -> None:
    path = write(
        folder,
        line={"public_url": f"https://{SECRET}_/x"},
        database={"url": f"mysql://{SECRET}@host/x"},
        telephony={"auth_token": [SECRET], "number": SECRET, "provider": SECRET},
    )

    assert SECRET not in "\n".join(problems(path))
    assert SECRET not in repr(load_config(write(folder), {}))


def test_a_secret_from_the_environment_takes_the_place_of_the_file_s(folder: Path) -> None:
    path = write(folder, telephony={"auth_token": None})

    config = load_config(path, {"CANDOUR_TELEPHONY__AUTH_TOKEN": "from-the-environment"})

    assert config.telephony.auth_token.get_secret_value() == "from-the-environment"


def test_a_secret_may_come_from_a_file_the_environment_names(folder: Path) -> None:
    secret = folder / "token"
    secret.write_text("from-a-file-of-its-own\n", encoding="utf-8")

    config = load_config(write(folder), {"CANDOUR_TELEPHONY__AUTH_TOKEN_FILE": str(secret)})

    assert config.telephony.auth_token.get_secret_value() == "from-a-file-of-its-own"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("CANDOUR_TELEPHONY__AUTH_TOKEN_FILE", "CANDOUR_TELEPHONY__AUTH_TOKEN_FILE: the file it names cannot be read."),
        ("CANDOUR_LINE__LISTEN", "CANDOUR_LINE__LISTEN: unknown in the environment. Known, each also with _FILE: "),
    ],
)
def test_an_unusable_variable_is_named(folder: Path, name: str, told: str) -> None:
    said = problems(write(folder), {name: SECRET})

    assert said[0].startswith(told)
    assert SECRET not in said[0]


def test_the_option_comes_before_the_environment_and_that_before_the_default() -> None:
    environ = {"CANDOUR_CONFIG": "/b.toml"}

    assert config_path("/a.toml", environ) == Path("/a.toml")
    assert config_path(None, environ) == Path("/b.toml")
    assert config_path(None, {}) == Path("config.toml")


# --- config.example.toml --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Documented:
    """A key as the example shows it."""

    meaning: str
    optional: bool
    value: str


def documented() -> dict[tuple[str, str], Documented]:
    found: dict[tuple[str, str], Documented] = {}
    section, comment = "", ""
    for line in (ROOT / "config.example.toml").read_text(encoding="utf-8").splitlines():
        if table := re.fullmatch(r"(?:# )?\[([a-z.-]+)\]", line):
            section = "outbox.units" if table[1].startswith("outbox.units.") else table[1]
            found[(section, "")] = Documented(comment, line.startswith("#"), "")
        elif key := re.fullmatch(r"(# )?([a-z_]+) =(.*)", line):
            found[(section, key[2])] = Documented(comment, key[1] is not None, key[3].strip())
        comment = f"{comment} {line[2:]}".strip() if line.startswith("# ") else ""
    return found


def settings() -> Iterator[tuple[str, str, str, Any]]:
    """Each key of the product: its section, its name, its meaning, its default."""
    for section, part in Config.model_fields.items():
        table = part.annotation
        assert isinstance(table, type)
        assert issubclass(table, BaseModel)
        for name, field in table.model_fields.items():
            if (section, name) not in {("outbox", "units"), ("line", "hours")}:
                yield section, name, field.description or "", field.default
    for name, field in UnitRoute.model_fields.items():
        yield "outbox.units", name, field.description or "", PydanticUndefined
    for name, field in LineHours.model_fields.items():
        yield "line.hours", name, field.description or "", field.default


def test_every_key_is_documented_with_its_meaning() -> None:
    shown = documented()

    for section, name, meaning, _ in settings():
        assert meaning
        assert shown[(section, name)].meaning == meaning, (section, name)


def test_every_documented_key_exists() -> None:
    known = {(section, name) for section, name, _, _ in settings()}

    assert {key for key in documented() if key[1]} == known


def test_every_documented_default_is_the_real_one() -> None:
    shown = documented()

    for section, name, _, default in settings():
        example = shown[(section, name)]
        if example.optional and example.value and default is not PydanticUndefined:
            plain = default.get_secret_value() if hasattr(default, "get_secret_value") else default
            written = tomllib.loads(f"value = {example.value}")["value"]
            assert written == _as_toml(plain), (section, name)
        if not example.optional:
            assert default is PydanticUndefined, f"{section}.{name} has a default, so the example shows it"


def _as_toml(value: Any) -> object:
    if isinstance(value, tuple):
        return [str(item) for item in value]
    return value if isinstance(value, (int, str)) else str(value)


def test_every_key_is_used_by_the_product() -> None:
    sources = [path for part in ("ivr", "shared") for path in (ROOT / part).rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources if path.name != "settings.py")

    unused = [f"{section}.{name}" for section, name, _, _ in settings() if not re.search(rf"\.{name}\b", text)]

    assert not unused


def test_every_secret_the_environment_may_give_is_a_key() -> None:
    known = {(section, name) for section, name, _, _ in settings()}

    assert set(SECRETS) <= known


def test_signing_in_takes_a_code_wherever_real_calls_are_taken(folder: Path) -> None:
    real = {"provider": "twilio", "api_base_url": ""}

    assert problems(write(folder, desk={"second_factor": "off"}, telephony=real)) == (
        '[desk] second_factor: "required" wherever real calls are taken.',
    )
    assert load_config(write(folder, telephony=real), {}).desk.second_factor == "required"
    assert load_config(write(folder, desk={"second_factor": "off"}), {}).desk.second_factor == "off"
