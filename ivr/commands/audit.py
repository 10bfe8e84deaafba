"""``candour audit``: whether the audit log is whole."""

from __future__ import annotations

import click

from ivr.commands.setting import Setting
from shared.audit import Flaw
from shared.audit import verify as flaws_in

_WORDS = {
    Flaw.ENTRY_ALTERED: "an entry was altered",
    Flaw.ENTRIES_MISSING_OR_ADDED: "entries are missing or were added",
    Flaw.PAGE_ALTERED: "the page was altered",
    Flaw.PAGE_MISSING: "the page before it is missing or was altered",
}


@click.group
def audit() -> None:
    """Check the audit log."""


@audit.command
@click.pass_obj
def verify(setting: Setting) -> None:
    """Recompute the whole log and say what was changed within it."""
    with setting.store() as store, store.read() as tx:
        findings = flaws_in(tx)
    for finding in findings:
        click.echo(f"{finding.day}: {_WORDS[finding.flaw]}")
    if findings:
        raise click.ClickException("The audit log was changed.")
    click.echo("The audit log is whole.")
