"""``candour-force``: a unit's keys, and opening and answering the reports it is sent. Offline; no service is asked.

Nothing readable is written anywhere but to the screen, or to the folder given with --output.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, assert_never

import click

from shared.domain.vocabulary import Verdict
from shared.force_side.asking import ask
from shared.force_side.at_desk import EXISTING_FILE, EXISTING_FOLDER, EXISTING_PATH, At, about, in_the_way, plain_words
from shared.force_side.beside import Beside, kind_of
from shared.force_side.contacts import checked_contact, open_contact
from shared.force_side.keygen import keygen
from shared.force_side.listing import Listed, listed
from shared.force_side.notices import open_notice, withdrawn_in
from shared.force_side.outcomes import outcomes
from shared.force_side.refusals import NoAnswerToNotices, ReportWithdrawn
from shared.force_side.reports import OpenedReport, answer, checked, open_report, sealed_files
from shared.force_side.showing import Format, Opened, closed_words, shown, write_shown
from shared.force_side.unit_file import UNIT_FILE
from shared.force_side.unit_keys import UnitKeys
from shared.sealing.errors import SealingError
from shared.sealing.spoken_digest import spoken
from shared.sealing.verify_key import Signers

_WATCH_SECONDS: Final = 5.0


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--unit-file", type=click.Path(path_type=Path), default=UNIT_FILE, envvar="CANDOUR_UNIT_FILE", show_default=True,
    help="The unit's own file, made by keygen.",
)  # fmt: skip
@click.option(
    "--passphrase-file", type=EXISTING_PATH, default=None, envvar="CANDOUR_PASSPHRASE_FILE",
    help="Read the passphrase from the first line of this file instead of asking.",
)  # fmt: skip
@click.pass_context
def main(context: click.Context, unit_file: Path, passphrase_file: Path | None) -> None:
    """Open and answer sealed reports. Works without a network."""
    context.obj = At(unit_file, passphrase_file)


main.add_command(keygen)
main.add_command(outcomes)
main.add_command(ask)


@main.command(name="open")
@click.argument("place", type=EXISTING_PATH)
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
@click.option("--withdrawn", "anyhow", is_flag=True, help="Show reports that were withdrawn too.")
@click.pass_context
def open_(context: click.Context, place: Path, form: str, output: Path | None, anyhow: bool) -> None:
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
    # Looked for once: a folder of a year's reports would be read through for each of them.
    opening = _Opening(keys, release, withdrawn_in(files[0].absolute().parent, keys, release), anyhow)
    refused = sum(not _opened(path, opening, Format(form), output) for path in files)
    context.exit(1 if refused else 0)


@dataclass(frozen=True, slots=True)
class _Opening:
    """What every file of a folder is opened with; ``withdrawn`` has the digests of the reports its notices withdraw.

    ``anyhow``: these are shown too.
    """

    keys: UnitKeys
    release: Signers
    withdrawn: frozenset[bytes]
    anyhow: bool

    def left_closed(self, path: Path) -> bytes | None:
        """The digest of a report not to be shown, as its caller took it back. Raises what ``checked`` raises."""
        if self.anyhow or not self.withdrawn or kind_of(path) is not None:
            return None
        digest = checked(path, self.keys.unit, self.release).digest
        return digest if digest in self.withdrawn else None

    def opened(self, path: Path) -> Opened:
        match kind_of(path):
            case Beside.CONTACT:
                return open_contact(path, self.keys, self.release)
            case Beside.NOTICE:
                return open_notice(path, self.keys, self.release)
            case None:
                report = open_report(path, self.keys, self.release)
                return replace(report, withdrawn=report.digest in self.withdrawn)
            case _ as never:
                assert_never(never)


def _opened(path: Path, opening: _Opening, form: Format, output: Path | None) -> bool:
    """Whether it could be opened. Shown first, answered after: "opened" is true once it was shown."""
    try:
        closed = opening.left_closed(path)
        if closed is not None:
            click.echo(closed_words(path, closed, form if output is None else Format.TEXT))
            return True
        opened = opening.opened(path)
        _show(opened, form, output)
        if isinstance(opened, OpenedReport):
            answer(path, opened.digest, Verdict.OPENED, opening.keys)
    except SealingError as refusal:
        click.echo(f"{path.name}: {refusal.words}", err=True)
        return False
    except OSError as trouble:
        click.echo(f"{path.name}: {in_the_way(trouble)}", err=True)
        return False
    return True


def _show(opened: Opened, form: Format, output: Path | None) -> None:
    if output is None:
        click.echo(shown(opened, form).decode("utf-8"), nl=form is Format.TEXT)
        return
    click.echo(f"{opened.path.name}: opened, written to {write_shown(opened, form, output)}")


@main.command(name="answer")
@click.argument("file", type=EXISTING_FILE)
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
            if kind_of(file) is Beside.NOTICE:
                raise NoAnswerToNotices
        keys = at.keys(unit)
        with about(file):
            if envelope.digest in withdrawn_in(file.absolute().parent, keys, release):
                raise ReportWithdrawn
            written = answer(file, envelope.digest, verdict, keys)
    click.echo(f"{file.name}: answered {verdict.value.replace('_', ' ')} ({written.name})")


@main.command()
@click.argument("folder", type=EXISTING_FOLDER)
@click.option("--once", is_flag=True, help="List what is there and stop.")
@click.pass_obj
def watch(at: At, folder: Path, once: bool) -> None:
    """List the reports, contact details and notices in a folder, each new one as it comes. Nothing is opened."""
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
@click.argument("file", type=EXISTING_FILE)
@click.pass_obj
def verify(at: At, file: Path) -> None:
    """Check that a report is from the charity, for this unit and unchanged. No passphrase; nothing is opened."""
    with plain_words():
        unit = at.unit()
        release = unit.release_key()
    with about(file):
        click.echo(f"{file.name}: {_verified(file, unit.unit, release)}")


def _verified(file: Path, unit: str, release: Signers) -> str:
    """What a file is found to be, in words. Raises what ``checked`` and ``checked_contact`` raise."""
    kind = kind_of(file)
    match kind:
        case Beside.CONTACT:
            checked_contact(file, release)
            return "contact details from the charity, unchanged. Opening shows whose report they join."
        case Beside.NOTICE:
            checked(file, unit, release)
            return "a notice of withdrawal from the charity, unchanged. Opening shows of which report."
        case None:
            digest = checked(file, unit, release).digest
            about_it = f"Reference {spoken(digest)}, digest {digest.hex()}"
            return f"from the charity, sealed for {unit}, unchanged.\n{about_it}"
        case _ as never:
            assert_never(never)
