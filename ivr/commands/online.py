"""``candour online``: counts reports that came by the online form, from a list of their ids and days."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from typing import TextIO

import click

from ivr.commands.setting import Setting
from shared.domain.online import OnlineReport, OnlineReportRefused, check_online, count_online


@click.command
@click.argument("file", type=click.File(encoding="utf-8-sig"))
@click.pass_obj
def online(setting: Setting, file: TextIO) -> None:
    """Count the online form's reports listed in FILE: in each line an id and a day.

    The id is the form's own, the day is London's: A-17,2026-03-10. FILE is - for standard input. A report that was
    counted before is not counted again, so the same list may be handed over twice. A day that is over is revised, and
    says so. Nothing is kept but how many came on each day, and for 100 days a hash of each id.
    """
    today = setting.today()
    try:
        listed = list(_listed(file, today))
    except (UnicodeDecodeError, csv.Error):
        raise click.ClickException("The list is not text in UTF-8, a line to a report. Save it so, as CSV.") from None
    with setting.store() as store, store.begin() as tx:
        new = count_online(tx, listed, today)
    click.echo(f"{new} counted, {len(listed) - new} known already.")


def _listed(file: TextIO, today: date) -> Iterator[OnlineReport]:
    """Of each line that has something in it. Raises ClickException, naming the line."""
    for line, words in enumerate(csv.reader(file), 1):
        if any(words):
            try:
                yield _report([word.strip() for word in words], today)
            except OnlineReportRefused as fact:
                raise click.ClickException(f"Line {line}: {fact} Nothing of the list was counted.") from None


def _report(words: list[str], today: date) -> OnlineReport:
    if len(words) != 2:
        raise OnlineReportRefused("A line is an id and a day, like A-17,2026-03-10.")
    try:
        each = OnlineReport(words[0], date.fromisoformat(words[1]))
    except ValueError:
        raise OnlineReportRefused("The day is written like 2026-03-10.") from None
    check_online(each, today)
    return each
