"""``candour-force ask``: a question for whoever made a report, should they ring again; sealed to the charity."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from shared.force_side.at_desk import EXISTING_FILE, At, about, plain_words
from shared.force_side.notices import withdrawn_in
from shared.force_side.refusals import NoSupervisorsKey, QuestionLength, ReportWithdrawn, ReportWithoutMark
from shared.force_side.reports import ANSWER_SUFFIX, ANSWERS_FOLDER, open_report
from shared.sealing.directory import Directory
from shared.sealing.envelope_file import envelope_to_bytes
from shared.sealing.errors import UnknownRoleKey
from shared.sealing.keys import ReaderPublicKey
from shared.sealing.questions import MARK, Question, QuestionMalformed, seal_question
from shared.whole_file import write_whole

_MARK_FIELD: Final = "follow_up"  # of the charity's report form


@click.command()
@click.argument("file", type=EXISTING_FILE)
@click.argument("question")
@click.pass_obj
def ask(at: At, /, file: Path, question: str) -> None:
    """Have the charity ask a QUESTION of whoever made the report in FILE, if they ring again with their reference.

    A supervisor reads it first, for what it would give away. You are not told whether it was put; an answer comes as a
    report of its own with the same reference mark, in a later batch.
    """
    with plain_words():
        unit = at.unit()
        directory = unit.trusted_directory()
        keys = at.keys(unit)
        with about(file):
            report = open_report(file, keys, unit.release_key())
            if report.digest in withdrawn_in(file.absolute().parent, keys, unit.release_key()):
                raise ReportWithdrawn
            asked = _question(_mark_in(report.document), question)
        sealed = seal_question(asked, unit.unit, _supervisors_key(directory), keys.answers)
        answers = file.absolute().parent / ANSWERS_FOLDER
        answers.mkdir(exist_ok=True)
        # A name of its own: beside the answers' names, which say which report they are about, it says nothing.
        written = answers / f"question-{secrets.token_hex(8)}{ANSWER_SUFFIX}"
        write_whole(written, envelope_to_bytes(sealed))
    click.echo(f"Signed and sealed for the charity's supervisors: {written.name}")


def _question(mark: str, text: str) -> Question:
    try:
        return Question(mark, text)
    except QuestionMalformed:
        raise QuestionLength from None


def _supervisors_key(directory: Directory) -> ReaderPublicKey:
    try:
        return directory.supervisors_key()
    except UnknownRoleKey:
        raise NoSupervisorsKey from None


def _mark_in(document: Mapping[str, Any]) -> str:
    """The caller's reference mark in an opened report. Raises ReportWithoutMark."""
    rows = (row for section in document.get("sections", ()) for row in section.get("fields", ()))
    mark = next((str(row.get("text", "")) for row in rows if row.get("id") == _MARK_FIELD), "")
    if not MARK.fullmatch(mark):
        raise ReportWithoutMark
    return mark
