"""``candour-force keygen``: a unit's keys, made or made again from paper, and the request that enrols it."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import click

from shared.domain.forces import FORCES
from shared.force_side.at_desk import EXISTING_PATH, At, about, passphrase_from, plain_words
from shared.force_side.refusals import FileExists
from shared.force_side.unit_file import read_bytes, unit_file_text
from shared.force_side.unit_keys import (
    enrolment_request,
    keys_to_bytes,
    new_unit_keys,
    unit_keys_from_paper,
    write_private,
)
from shared.sealing.directory import fingerprint_words, is_name
from shared.sealing.header import is_slug
from shared.sealing.passphrase import passphrase_bytes
from shared.sealing.verify_key import VerifyKey
from shared.sealing.words import WordsWrong, lines_of_four


@click.command()
@click.option("--unit", required=True, help="A short name for the unit, for example kent-acu.")
@click.option("--name", required=True, help="The unit's full name, as the charity will show it.")
@click.option("--force", "forces", multiple=True, help="A force it serves; may be repeated. None: only another's.")
@click.option("--root", default="", help="The charity's root key, if you have it already (candour-verify.…).")
@click.option("--unprotected", is_flag=True, help="No passphrase: whoever copies the key file can open every report.")
@click.option("--paper", is_flag=True, help="Show the keys as words too, to be written on paper and locked away.")
@click.option(
    "--from-paper",
    "--restore",
    "from_paper",
    type=EXISTING_PATH,
    help="Make the same keys again from a file with those words.",
)
@click.pass_obj
def keygen(
    at: At,
    unit: str,
    name: str,
    forces: tuple[str, ...],
    root: str,
    unprotected: bool,
    paper: bool,
    from_paper: Path | None,
) -> None:
    """Make the unit's keys, its unit file, and the request to send to the charity."""
    if not is_slug(unit):
        raise click.BadParameter("lower-case letters, digits, and . _ : - only", param_hint="--unit")
    if not is_name(name):
        raise click.BadParameter("1 to 120 letters, digits and signs, on one line", param_hint="--name")
    _see_forces_are_known(forces)
    with plain_words():
        pinned = VerifyKey.from_text(root) if root else None
        keys = new_unit_keys(unit) if from_paper is None else unit_keys_from_paper(unit, _words_in(from_paper))
        folder = at.unit_file.absolute().parent
        request = folder / f"{unit}.enrolment.json"
        for taken in (at.unit_file, folder / f"{unit}.keys.json", request):
            if taken.exists():
                with about(taken):
                    raise FileExists
        protected = keys_to_bytes(keys, None if unprotected else _new_passphrase(at))
        write_private(folder / f"{unit}.keys.json", protected)
        request.write_bytes(enrolment_request(keys, name, forces))
        written = unit_file_text(unit, pinned, "directory.json", f"{unit}.keys.json")
        at.unit_file.write_text(written, encoding="utf-8")
    click.echo(f"Private keys: {folder / f'{unit}.keys.json'} (keep this file, and a copy, safe)")
    if from_paper is None:
        click.echo(f"Send this to the charity: {request}")
        click.echo("Read these words aloud to the charity, when both of its administrators ask:")
    else:
        _say_what_is_missing(at.unit_file, pinned)
        click.echo("The charity knows these keys, and needs nothing from you. Should it ask, these are their words:")
    _say_words(fingerprint_words(keys.reader.public, keys.answers.public))
    if paper:
        click.echo("\nSECRET. Write these words on paper, in this order, and lock them away; they are not shown again:")
        _say_words(keys.on_paper())


def _say_what_is_missing(unit_file: Path, root: VerifyKey | None) -> None:
    """What paper does not hold, and without which nothing opens."""
    if root is None:
        click.echo(f'Put the charity\'s root key into {unit_file} again, as root = "candour-verify.…".')
    click.echo(f"Put the charity's newest directory.json beside it, in {unit_file.absolute().parent}.")


def _see_forces_are_known(forces: tuple[str, ...]) -> None:
    for force in forces:
        if force not in FORCES:
            near = get_close_matches(force.lower().replace(" ", "-"), FORCES, n=3, cutoff=0.5)
            suggested = f" Did you mean {' or '.join(near)}?" if near else f" They are: {', '.join(FORCES)}."
            raise click.BadParameter(f"{force!r} is not a force on the list.{suggested}", param_hint="--force")


def _say_words(words: tuple[str, ...]) -> None:
    for line in lines_of_four(words):
        click.echo(f"  {line}")


def _words_in(path: Path) -> str:
    try:
        return read_bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        raise WordsWrong from None


def _new_passphrase(at: At) -> str:
    if at.passphrase_file is not None:
        chosen = passphrase_from(at.passphrase_file)
    else:
        ask = "A new passphrase (14 to 128 characters)"
        chosen = str(click.prompt(ask, hide_input=True, confirmation_prompt=True, err=True))
    passphrase_bytes(chosen)
    return chosen
