"""``candour online``: counts reports that came by the online form, from a list of their ids and days."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from typing import TextIO

import click

from ivr.commands.setting import Setting
from shared.domain.online import OnlineReport, OnlineReportRefused, count_online


@click.command
@click.argument("file", type=click.File(encoding="utf-8"))
@click.pass_obj
def online(setting: Setting, file: TextIO) -> None:
    """Count the online form's reports listed in FILE: in each line an id and a day.

    The id is the form's own, the day is London's: A-17,2026-03-10. FILE is - for standard input. A report that was
    counted before is not counted again, so the same list may be handed over twice. Nothing else of it is kept.
    """
    today, new, known = setting.today(), 0, 0
    with setting.store() as store, store.begin() as tx:
        for line, words in _lines(file):
            try:
                counted = count_online(tx, [_report(words)], today)
            except OnlineReportRefused as fact:
                raise click.ClickException(f"Line {line}: {fact} Nothing of the list was counted.") from None
            new, known = new + counted, known + 1 - counted
    click.echo(f"{new} counted, {known} known already.")


def _lines(file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Each line that has something in it, with its number."""
    for line, words in enumerate(csv.reader(file), 1):
        if any(words):
            yield line, [word.strip() for word in words]


def _report(words: list[str]) -> OnlineReport:
    if len(words) != 2:
        raise OnlineReportRefused("A line is an id and a day, like A-17,2026-03-10.")
    try:
        return OnlineReport(words[0], date.fromisoformat(words[1]))
    except ValueError:
        raise OnlineReportRefused("The day is written like 2026-03-10.") from None
