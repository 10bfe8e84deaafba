"""``candour fallback``: the document that callers hear when the line's own host does not answer."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from ivr.commands import options
from ivr.commands.setting import Setting
from ivr.line import twiml
from ivr.line.prompts import load_prompts


@click.command
@click.option("--backup-number", type=options.Number(), required=True, help="Who is rung: a person, with no voicemail.")
@click.option("--output", type=options.FILE, help="The file to write; otherwise the document is printed.")
@click.pass_obj
def fallback(setting: Setting, backup_number: str, output: Path | None) -> None:
    """Write the document for another host: an apology, a person on a backup number, the other ways.

    The person rung sees the line's own number, never the caller's.
    """
    config = setting.config()
    number = config.telephony.number
    if backup_number == number:
        raise click.ClickException("The backup number is the line's own. Name another.")
    document = twiml.fallback(load_prompts(config.line.online_route), backup_number, number)
    if output is None:
        click.echo(document)
    else:
        output.write_text(document + "\n", encoding="utf-8")
        click.echo(f"The document is in {output}.")
    click.echo(_WHERE.format(number=number), err=True)


_WHERE: Final = """
1. Put it on a host that shares nothing with this one: another provider, another name. It must answer POST with
   Content-Type text/xml, over HTTPS, and keep no log of what it is sent: Twilio sends it the caller's number.
2. At Twilio, open the number {number}: set "Primary handler fails" (VoiceFallbackUrl) to its address, with HTTP POST.
3. 'candour check' then fetches it and says whether it would work."""
