"""``candour init``: the data folder, the database, the root key, the first supervisor, and settings for a console."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from ivr.commands import options
from ivr.commands.setting import beside, passphrase
from ivr.founding import Newcomer, found
from ivr.root_key import write_root
from shared.addresses import database_url
from shared.domain.london import london_day
from shared.domain.vocabulary import Language, Role
from shared.sealing.keys import SigningKey
from shared.sealing.verify_key import VerifyKey
from shared.settings import Desk, Line, PromptAudio
from shared.store.database import open_store
from shared.store.migrate import bring_up_to_date

SIMULATORS_NUMBER: Final = "+448081570123"  # from the range kept free for drama
SIMULATORS_ADDRESS: Final = "127.0.0.1:8090"
SIMULATORS_ACCOUNTS: Final = f"AC{'0' * 16}"  # no account of Twilio's begins so

_CONFIG: Final = """\
# Candour's configuration. config.example.toml describes every key.

[line]
public_url = {public_url}
listen = {line}
prompts = {prompts}

[desk]
listen = {desk}
{second_factor}
[database]
url = {database}

[telephony]
provider = {provider}
account_sid = {account_sid}
auth_token = {auth_token}
api_base_url = {api_base_url}
number = {number}
"""

_NO_SECOND_FACTOR: Final = """\
# For trying things out. Without this line, and wherever real calls are taken, signing in takes a code too.
second_factor = "off"
"""

_AT_ONCE: Final = """
[outbox]
# For trying things out: released reports leave at once. Without this line they leave in shuffled batches.
batch_times = []
"""

_CONSOLE: Final = """\
# For candour-console: where the desk is, and whose directory of keys it trusts. Nothing here is secret.

[service]
url = {url}
root_public_key = {root}

# [console]
# language = "en"          # what this console says; not a caller's language
# idle_lock_minutes = 15   # without a key or a movement, from 1 to 60; then the desk locks
# data_folder = "console"  # for what this computer keeps; without it, the user's own folder for such things
"""


_NEXT: Final = """\
Next: two administrators, then a second supervisor and handlers. For each of them:
  candour --config {config} person add NAME --role administrator
      (or --role supervisor, or --role handler --handset NUMBER)
  their first sign-in at a console, for which 'candour serve' has to run
  candour --config {config} person confirm NAME
Until there are two administrators, whoever keeps the root key vouches alone. From then on two administrators do."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the new organisation's files go."""

    folder: Path
    root: Path

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def console(self) -> Path:
        return self.folder / "console.toml"


@click.command
@click.argument("folder", type=options.FOLDER)
@click.option("--twilio", is_flag=True, help="Write a configuration to fill in for Twilio, not for the simulator.")
@click.option("--supervisor", metavar="NAME", prompt="Name of the first supervisor", help="The first supervisor.")
@options.passphrase_file
@options.languages
@options.handset
@options.trusted_handset
@options.root
@options.root_passphrase_file
@click.option("--line", metavar="HOST:PORT", default=str(Line.model_fields["listen"].default), show_default=True)
@click.option("--desk", metavar="HOST:PORT", default=str(Desk.model_fields["listen"].default), show_default=True)
@click.option("--simulator", metavar="HOST:PORT", default=SIMULATORS_ADDRESS, show_default=True)
@click.option("--database", metavar="URL", default="sqlite:///candour.db", show_default=True)
def init(
    folder: Path,
    twilio: bool,
    supervisor: str,
    passphrase_file: Path | None,
    languages: Sequence[str],
    handset: str | None,
    trusted_handset: bool,
    root: Path | None,
    root_passphrase_file: Path | None,
    line: str,
    desk: str,
    simulator: str,
    database: str,
) -> None:
    """Found an organisation in FOLDER.

    The root key, which signs every directory of keys, is written outside FOLDER: keep it offline.
    """
    places = _places(folder.resolve(), root)
    root_passphrase = passphrase("the root key", root_passphrase_file, new=True)
    first = Newcomer(
        supervisor,
        (Role.SUPERVISOR,),
        tuple(Language(language) for language in languages),
        passphrase(supervisor, passphrase_file, new=True),
        handset,
        trusted_handset,
    )
    config = _twilio_config(line, desk, database) if twilio else _simulator_config(line, desk, database, simulator)
    key = SigningKey.generate()
    places.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_root(places.root, key, root_passphrase)
    _write(places.config, config)
    _write(places.console, _CONSOLE.format(url=_text(f"http://{desk}"), root=_text(key.public.to_text())))
    _fill_database(database_url(database, places.folder), key, first)
    _say_what_is_where(places, key.public, twilio)


def _places(folder: Path, root: Path | None) -> _Places:
    places = _Places(folder, (root or beside(folder)).resolve())
    if places.root.is_relative_to(folder):
        raise click.ClickException("The root key belongs outside the data folder: name another place with --root.")
    for path in (places.root, places.config, places.console):
        if path.exists():
            raise click.ClickException(f"There is a file {path} already. Nothing was changed.")
    return places


def _simulator_config(line: str, desk: str, database: str, simulator: str) -> str:
    written = _written(
        public_url=f"http://{line}",
        line=line,
        prompts=PromptAudio.FILES,
        desk=desk,
        database=database,
        provider="simulator",
        account_sid=f"{SIMULATORS_ACCOUNTS}{secrets.token_hex(8)}",
        auth_token=secrets.token_hex(16),
        api_base_url=f"http://{simulator}",
        number=SIMULATORS_NUMBER,
        second_factor=_NO_SECOND_FACTOR,
    )
    return written + _AT_ONCE


def _twilio_config(line: str, desk: str, database: str) -> str:
    blank = dict.fromkeys(("public_url", "account_sid", "auth_token", "api_base_url", "number"), "")
    audio = PromptAudio.RECORDINGS
    return _written(
        line=line, prompts=audio, desk=desk, database=database, provider="twilio", second_factor="", **blank
    )


def _written(second_factor: str, **values: str) -> str:
    return _CONFIG.format(second_factor=second_factor, **{key: _text(value) for key, value in values.items()})


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)  # a JSON string is a TOML one


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(text, encoding="utf-8")


def _fill_database(url: str, root: SigningKey, first: Newcomer) -> None:
    store = open_store(url)
    try:
        bring_up_to_date(store)
        with store.begin() as tx:
            found(tx, root, first, london_day(datetime.now(UTC)))
    finally:
        store.close()


def _say_what_is_where(places: _Places, root: VerifyKey, twilio: bool) -> None:
    click.echo(f"Configuration   {places.config}")
    click.echo(f"For consoles    {places.console}")
    click.echo(f"Root key        {places.root}  (keep it offline, and a copy of it elsewhere)")
    click.echo(f"Its fingerprint {root.fingerprint}")
    if twilio:
        click.echo("Fill in the configuration's empty keys; 'candour check' says what is still missing.")
    click.echo(_NEXT.format(config=places.config))
