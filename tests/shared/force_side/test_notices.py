"""A notice of withdrawal on the force's side: shown in words, seen in the list, and about one report alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.force_side import cli
from shared.force_side.showing import LEFT_CLOSED
from shared.forms.withdrawal import WITHDRAWAL_FORM_ID, withdrawal_notice
from shared.sealing.envelope import Envelope, seal
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import SigningKey

NAME, OTHER = "a" * 32, "b" * 32


def _notice(desk: Any, report: Envelope, signing: SigningKey | None = None) -> Envelope:
    header = new_header(EnvelopeKind.REPORT, WITHDRAWAL_FORM_ID, 1, unit=desk.unit.id)
    words = json.dumps(withdrawal_notice(report.digest, "OFFICIAL-SENSITIVE")).encode()
    return seal(words, header, [desk.unit.reader], signing or desk.charity.release)


@pytest.fixture
def received(desk: Any) -> tuple[Path, Path, Envelope]:
    """A report, opened, and then the notice that withdraws it."""
    report = desk.sealed()
    path = desk.receives(NAME, report)
    desk.types("open", str(path))
    return path, desk.receives(f"{NAME}.withdrawal", _notice(desk, report)), report


def _reference(envelope: Envelope) -> str:
    return f"{envelope.digest.hex()[:4]} {envelope.digest.hex()[4:8]}"


def test_a_notice_says_in_words_which_report_is_withdrawn_and_is_not_answered(desk: Any, received: Any) -> None:
    path, notice, report = received
    answers = sorted((path.parent / "answers").iterdir())

    opened, verified = desk.types("open", str(notice)), desk.types("verify", str(notice))
    answered = desk.types("answer", str(notice), "--ours")

    assert f"Withdrawn: the report with reference {_reference(report)}" in opened.stdout
    assert "NOTICE OF WITHDRAWAL" in opened.stdout
    assert "as the person who made it" in " ".join(opened.stdout.split())
    assert "notice of withdrawal" in verified.stdout
    assert "No answer is needed" in answered.stderr
    assert sorted((path.parent / "answers").iterdir()) == answers


def test_the_list_and_the_report_itself_say_that_it_is_withdrawn(desk: Any, received: Any) -> None:
    path, notice, report = received

    listed = desk.types("watch", str(path.parent), "--once").stdout.splitlines()
    opened = desk.types("open", str(path), "--withdrawn").stdout
    as_json = json.loads(desk.types("open", str(path), "--json", "--withdrawn").stdout)

    assert [line.split() for line in listed] == [
        [*_reference(report).split(), "withdrawn", path.name],
        [*_reference(report).split(), "notice", notice.name],
    ]
    assert opened.startswith(f"Reference {_reference(report)}: withdrawn by the charity")
    assert as_json["withdrawn"] is True


def test_a_report_withdrawn_before_it_was_read_is_neither_shown_nor_answered_unless_asked_for(desk: Any) -> None:
    report, other = desk.sealed(), desk.sealed()
    path = desk.receives(NAME, report)
    desk.receives(f"{NAME}.withdrawal", _notice(desk, report))
    desk.receives(OTHER, other)

    closed = desk.types("open", str(path))
    as_json = json.loads(desk.types("open", str(path), "--json").stdout)
    written = desk.types("open", str(path), "--output", str(path.parent / "out"))
    answered = (path.parent / "answers").exists()
    folder = desk.types("open", str(path.parent))
    shown = desk.types("open", str(path), "--withdrawn")

    assert (closed.exit_code, written.exit_code, answered) == (0, 0, False)
    assert closed.stdout.splitlines()[1:] == [
        f"Reference {_reference(report)}: withdrawn by the charity, see the notice.",
        LEFT_CLOSED,
    ]
    assert as_json == {"file": path.name, "digest": report.digest.hex(), "withdrawn": True}
    assert not (path.parent / "out").exists()
    assert folder.stdout.count("OFFICIAL-SENSITIVE") > 0
    assert f"Reference {_reference(other)}\n" in folder.stdout
    assert shown.stdout.startswith(f"Reference {_reference(report)}: withdrawn by the charity, see the notice\n")
    given = sorted(one.name.split(".")[0] for one in (path.parent / "answers").iterdir())
    assert given == sorted([other.digest.hex(), report.digest.hex()])


def test_a_withdrawn_report_is_not_answered_ours_or_not_ours(desk: Any, received: Any) -> None:
    path, _, _ = received

    for said in ("--ours", "--not-ours"):
        answered = desk.types("answer", str(path), said)

        assert answered.exit_code == 1
        assert "This report was withdrawn" in answered.stderr
    assert len(list((path.parent / "answers").iterdir())) == 1


def test_a_notice_under_another_reports_name_withdraws_only_its_own(desk: Any) -> None:
    mine, others = desk.sealed(), desk.sealed()
    path, other = desk.receives(NAME, mine), desk.receives(OTHER, others)
    desk.receives(f"{OTHER}.withdrawal", _notice(desk, mine))
    desk.types("open", str(path.parent))

    refused, taken = (desk.types("answer", str(one), "--ours") for one in (path, other))

    assert (refused.exit_code, taken.exit_code) == (1, 0)


@pytest.mark.parametrize("form", ["pole", "pdf", "json"])
def test_a_notice_is_written_in_every_format(desk: Any, received: Any, form: str, tmp_path: Path) -> None:
    _, notice, _ = received

    written = desk.types("open", str(notice), "--format", form, "--output", str(tmp_path / "case"))

    assert written.exit_code == 0, written.output
    assert len(list((tmp_path / "case").iterdir())) == 1


def test_a_notice_the_charity_did_not_sign_withdraws_nothing(desk: Any) -> None:
    report = desk.sealed()
    path = desk.receives(NAME, report)
    forged = desk.receives(f"{NAME}.withdrawal", _notice(desk, report, SigningKey.generate()))
    desk.types("open", str(path))

    listed = desk.types("watch", str(path.parent), "--once").stdout.splitlines()

    assert "opened" in listed[0]
    assert "not signed with the charity's key" in desk.types("open", str(forged)).stderr
    assert desk.types("answer", str(path), "--ours").exit_code == 0


def test_a_folder_is_searched_for_notices_once_however_many_reports_lie_in_it(desk: Any, monkeypatch: Any) -> None:
    searched: list[Path] = []
    monkeypatch.setattr(cli, "withdrawn_in", lambda folder, *_keys: searched.append(folder) or frozenset())
    for number in range(3):
        path = desk.receives(f"{number:032x}", desk.sealed())

    desk.types("open", str(path.parent))

    assert searched == [path.parent]
