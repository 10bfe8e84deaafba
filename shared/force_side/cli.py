"""``candour-force``: a unit's keys, and opening and answering the reports it is sent. Offline; no service is asked.

Nothing readable is written anywhere but to the screen, or to the folder given with --output.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import click

from shared.domain.forces import FORCES
from shared.domain.vocabulary import Verdict
from shared.force_side.contacts import checked_contact, is_contact, open_contact
from shared.force_side.listing import Listed, listed
from shared.force_side.refusals import FileExists, KeysForAnotherUnit
from shared.force_side.reports import (
    answer,
    checked,
    open_report,
    reference,
    sealed_files,
)
from shared.force_side.showing import Format, Opened, shown, write_shown
from shared.force_side.unit_file import UNIT_FILE, UnitFile, read_bytes, read_unit_file, unit_file_text
from shared.force_side.unit_keys import (
    UnitKeys,
    enrolment_request,
    keys_from_bytes,
    keys_to_bytes,
    needs_passphrase,
    new_unit_keys,
    unit_keys_from_paper,
    write_private,
)
from shared.sealing.directory import fingerprint_words
from shared.sealing.errors import PassphraseUnsuitable, SealingError
from shared.sealing.header import is_slug
from shared.sealing.keys import Signers, VerifyKey
from shared.sealing.sign_in import passphrase_bytes
from shared.sealing.words import WordsWrong, lines_of_four

_WATCH_SECONDS: Final = 5.0
ExistingPath = click.Path(exists=True, path_type=Path)


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
        raise click.ClickException(_in_the_way(trouble)) from None


@contextmanager
def about(path: Path) -> Iterator[None]:
    """Plain words that begin with the name of the file they are about."""
    try:
        yield
    except SealingError as refusal:
        raise click.ClickException(f"{path.name}: {refusal.words}") from None


def _in_the_way(trouble: OSError) -> str:
    return f"{trouble.filename or 'A file'} could not be written or read: {trouble.strerror}."


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--unit-file", type=click.Path(path_type=Path), default=UNIT_FILE, envvar="CANDOUR_UNIT_FILE", show_default=True,
    help="The unit's own file, made by keygen.",
)  # fmt: skip
@click.option(
    "--passphrase-file", type=ExistingPath, default=None, envvar="CANDOUR_PASSPHRASE_FILE",
    help="Read the passphrase from the first line of this file instead of asking.",
)  # fmt: skip
@click.pass_context
def main(context: click.Context, unit_file: Path, passphrase_file: Path | None) -> None:
    """Open and answer sealed reports. Works without a network."""
    context.obj = At(unit_file, passphrase_file)


@main.command()
@click.option("--unit", required=True, help="A short name for the unit, for example kent-acu.")
@click.option("--name", required=True, help="The unit's full name, as the charity will show it.")
@click.option("--force", "forces", multiple=True, help="A force it serves; may be repeated. None: only another's.")
@click.option("--root", default="", help="The charity's root key, if you have it already (candour-verify.…).")
@click.option("--unprotected", is_flag=True, help="No passphrase: whoever copies the key file can open every report.")
@click.option("--paper", is_flag=True, help="Show the keys as words too, to be written on paper and locked away.")
@click.option(
    "--restore",
    "--from-paper",
    "from_paper",
    type=ExistingPath,
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
    click.echo(f"Send this to the charity: {request}")
    click.echo("Read these words aloud to the charity, when both of its administrators ask:")
    _say_words(fingerprint_words(keys.reader.public, keys.answers.public))
    if paper:
        click.echo("\nSECRET. Write these words on paper, in this order, and lock them away; they are not shown again:")
        _say_words(keys.on_paper())


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


@main.command(name="open")
@click.argument("place", type=ExistingPath)
@click.option(
    "--format", "form", type=click.Choice([one.value for one in Format]), default=Format.TEXT.value, show_default=True,
    help="Text, JSON, JSON in the shape of POLE records, or the pages of a 3x5x2 report.",
)  # fmt: skip
@click.option(
    "--json", "form", flag_value=Format.JSON.value, help="The same as --format json: one object for each report."
)
@click.option(
    "--output", "--out", type=click.Path(path_type=Path, file_okay=False), default=None,
    help="Write into this folder instead of on the screen.",
)  # fmt: skip
@click.pass_context
def open_(context: click.Context, place: Path, form: str, output: Path | None) -> None:
    """Open a report, everything in a folder, or a saved mail, and tell the charity that the reports were opened."""
    at: At = context.obj
    if form == Format.PDF and output is None:
        raise click.UsageError("Say with --output which folder the pages are to be written into.")
    with plain_words():
        unit = at.unit()
        release = unit.release_key()
        files = sealed_files(place)
        keys = at.keys(unit) if files else None
    if keys is None:
        click.echo("There are no reports here.", err=True)
        return
    refused = sum(not _opened(path, keys, release, Format(form), output) for path in files)
    context.exit(1 if refused else 0)


def _opened(path: Path, keys: UnitKeys, release: Signers, form: Format, output: Path | None) -> bool:
    """Whether it could be opened. Shown first, answered after: "opened" is true once it was shown."""
    try:
        if is_contact(path):
            _show(open_contact(path, keys, release), form, output)
            return True
        report = open_report(path, keys, release)
        _show(report, form, output)
        answer(path, report.digest, Verdict.OPENED, keys)
    except SealingError as refusal:
        click.echo(f"{path.name}: {refusal.words}", err=True)
        return False
    except OSError as trouble:
        click.echo(f"{path.name}: {_in_the_way(trouble)}", err=True)
        return False
    return True


def _show(opened: Opened, form: Format, output: Path | None) -> None:
    if output is None:
        click.echo(shown(opened, form).decode("utf-8"), nl=form is Format.TEXT)
        return
    click.echo(f"{opened.path.name}: opened, written to {write_shown(opened, form, output)}")


@main.command(name="answer")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--ours/--not-ours", "ours", default=None, help="Whether the report belongs to this unit.")
@click.pass_obj
def answer_(at: At, file: Path, ours: bool | None) -> None:
    """Tell the charity whether an opened report is yours. After "ours" nobody else can open it any more."""
    if ours is None:
        raise click.UsageError("Say --ours or --not-ours.")
    verdict = Verdict.OURS if ours else Verdict.NOT_OURS
    with plain_words():
        unit = at.unit()
        release = unit.release_key()
        with about(file):
            envelope = checked(file, unit.unit, release)
        keys = at.keys(unit)
        with about(file):
            written = answer(file, envelope.digest, verdict, keys)
    click.echo(f"{file.name}: answered {verdict.value.replace('_', ' ')} ({written.name})")


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--once", is_flag=True, help="List what is there and stop.")
@click.pass_obj
def watch(at: At, folder: Path, once: bool) -> None:
    """List the reports and contact details in a folder, and each new one as it comes. Nothing is opened."""
    with plain_words():
        unit = at.unit()
        release = unit.release_key()
    pause = threading.Event()
    follow(lambda: listed(folder, unit.unit, release), click.echo, lambda: not once and not pause.wait(_WATCH_SECONDS))


def follow(look: Callable[[], list[Listed]], say: Callable[[str], None], go_on: Callable[[], bool]) -> None:
    """Say each line once, and again when it changes, until ``go_on`` (which waits) says no."""
    said: set[str] = set()
    while True:
        lines = [_line(row) for row in look()]
        for line in lines:
            if line not in said:
                say(line)
        if not lines and not said:
            say("There are no reports here.")
        said |= set(lines) or {""}
        if not go_on():
            return


def _line(row: Listed) -> str:
    return f"{row.reference:<10} {row.state:<9} {row.path.name}{os.linesep + '  ' + row.refused if row.refused else ''}"


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def verify(at: At, file: Path) -> None:
    """Check that a report is from the charity, for this unit and unchanged. No passphrase; nothing is opened."""
    with plain_words():
        unit = at.unit()
        release = unit.release_key()
    with about(file):
        if is_contact(file):
            checked_contact(file, release)
            click.echo(
                f"{file.name}: contact details from the charity, unchanged. Opening shows whose report they join."
            )
            return
        envelope = checked(file, unit.unit, release)
    click.echo(f"{file.name}: from the charity, sealed for {unit.unit}, unchanged.")
    click.echo(f"Reference {reference(envelope.digest)}, digest {envelope.digest.hex()}")
