"""``candour audit``: whether the audit log is whole, and a checkpoint of it to keep elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from ivr.commands import options
from ivr.commands.keys import root_public_key
from ivr.commands.setting import Setting, passphrase
from ivr.vouching import vouched
from shared.audit import last_closed, sign_checkpoint
from shared.audit_signers import signers
from shared.audit_verifier import Flaw, NotACheckpoint, Witness, findings, witness_in_file, witness_on_paper

_WORDS: Final = {
    Flaw.ENTRY_ALTERED: "an entry was altered",
    Flaw.ENTRIES_MISSING_OR_ADDED: "entries are missing or were added",
    Flaw.PAGE_ALTERED: "the page was altered",
    Flaw.PAGE_MISSING: "the page before it is missing or was altered",
    Flaw.CUT: "there is a checkpoint of this day, and its page is gone",
    Flaw.OTHER_THAN_WITNESSED: "the log is not what the checkpoint says it was",
    Flaw.SIGNATURE_WRONG: "the signature on a checkpoint is not right, or is by nobody the organisation knows",
}


@click.group
def audit() -> None:
    """Check the audit log, and take checkpoints of it to keep elsewhere."""


@audit.command
@click.option("--checkpoint", "files", type=options.FILE, multiple=True, help="A checkpoint's file. May be repeated.")
@click.option("--printed", multiple=True, metavar="LINE", help="The line a daily summary printed. May be repeated.")
@click.pass_obj
def verify(setting: Setting, files: Sequence[Path], printed: Sequence[str]) -> None:
    """Recompute the whole log and say what was changed, compared with every checkpoint there is."""
    elsewhere = [*map(_in_file, files), *map(_on_paper, printed)]
    root = root_public_key(setting.console_path)
    with setting.store() as store, store.read() as tx:
        found = findings(tx, elsewhere, signers(tx, root))
        point = last_closed(tx, setting.today())
    for finding in found:
        click.echo(f"{finding.day}: {_WORDS[finding.flaw]}")
    if found:
        raise click.ClickException("The audit log was changed.")
    click.echo("The audit log is whole.")
    if point is not None:
        click.echo(f"Checkpoint: {point.printed()}")
    if not elsewhere:
        click.echo("Compared with no checkpoint from elsewhere: a log cut off at the end would look the same.")


@audit.command
@click.argument("file", type=options.FILE)
@click.option("--by", metavar="NAME", required=True, help="Who signs: an auditor, or anyone the organisation knows.")
@options.passphrase_file
@click.pass_obj
def checkpoint(setting: Setting, file: Path, by: str, passphrase_file: Path | None) -> None:
    """Sign what the log was at the end of the last day, and write that to FILE, to be kept elsewhere."""
    given = passphrase(by, passphrase_file)
    with setting.store() as store, store.begin() as tx:
        signer = vouched(tx, by, given)
        signed = sign_checkpoint(tx, signer.person_id, signer.bundle.signing, setting.today())
    if signed is None:
        raise click.ClickException("There is nothing to sign yet: no day with an entry is over.")
    file.write_bytes(signed.to_bytes())
    click.echo(f"Checkpoint: {signed.point.printed()}")
    click.echo(f"It is in {file}. Keep it where nobody who runs this service can change it.")


def _in_file(path: Path) -> Witness:
    try:
        return witness_in_file(path.read_bytes())
    except NotACheckpoint:
        raise click.ClickException(f"{path} is not a checkpoint of the audit log.") from None


def _on_paper(line: str) -> Witness:
    try:
        return witness_on_paper(line)
    except NotACheckpoint:
        raise click.BadParameter("the day, the number and the digits, as printed", param_hint="--printed") from None
