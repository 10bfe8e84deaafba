"""The force's command: what it opens, what it refuses and in which words, and what it writes."""

import json
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.domain.vocabulary import Verdict
from shared.force_side.cli import follow
from shared.force_side.listing import Listed
from shared.force_side.refusals import EnrolmentMalformed
from shared.force_side.unit_keys import enrolment_request, new_unit_keys, read_enrolment
from shared.sealing.answers import verify_answer
from shared.sealing.directory import ReleaseKey, Unit
from shared.sealing.envelope import seal
from shared.sealing.errors import SealingError
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import ReaderKey, SigningKey
from shared.sealing.signed_directory import sign_directory, with_release_key, with_unit

WORDS = "A serving officer is believed to be paid"


def test_an_opened_report_is_shown_and_the_opening_is_signed_for(desk) -> None:
    envelope = desk.sealed()
    path = desk.receives("a" * 32, envelope)

    shown = desk.types("open", str(path))

    assert shown.exit_code == 0
    assert WORDS in shown.stdout
    (written,) = (path.parent / "answers").iterdir()
    answer = verify_answer(written.read_bytes(), envelope.digest, "kent-acu", desk.unit.answers)
    assert answer.verdict is Verdict.OPENED


def test_nothing_readable_is_written_where_it_was_not_asked_for(desk) -> None:
    desk.receives("a" * 32, desk.sealed())

    desk.types("open", str(desk.folder / "in"))

    assert b"believed to be paid" not in desk.everything_written()


def test_reports_are_written_out_only_for_their_reader(desk, tmp_path: Path) -> None:
    desk.receives("a" * 32, desk.sealed())

    shown = desk.types("open", str(desk.folder / "in"), "--out", str(tmp_path / "case"), "--json")

    (written,) = (tmp_path / "case").iterdir()
    assert WORDS not in shown.stdout
    assert json.loads(written.read_text())["report"]["entries"][0]["text"].startswith(WORDS)
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_json_is_one_object_for_each_report(desk) -> None:
    for name in ("a" * 32, "b" * 32):
        desk.receives(name, desk.sealed())

    shown = desk.types("open", str(desk.folder / "in"), "--json")

    lines = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [line["file"] for line in lines] == [f"{'a' * 32}.candour", f"{'b' * 32}.candour"]
    assert lines[0]["report"]["marking"] == "OFFICIAL-SENSITIVE"


def test_one_bad_file_does_not_keep_the_others_closed(desk) -> None:
    desk.receives("b" * 32, desk.sealed())
    (desk.folder / "in" / f"{'a' * 32}.candour").write_bytes(b"not an envelope")
    (desk.folder / "in" / "broken.eml").symlink_to("/proc/self/mem")  # its first byte is an I/O error
    (desk.folder / "in" / "folder.candour").mkdir()

    shown = desk.types("open", str(desk.folder / "in"))
    listed = desk.types("watch", str(desk.folder / "in"), "--once")

    assert shown.exit_code == 1
    assert WORDS in shown.stdout
    assert "not a sealed envelope" in shown.stderr
    assert "broken.eml: This file cannot be read." in shown.stderr
    assert (listed.exit_code, listed.stdout.count("refused")) == (0, 3)


@pytest.mark.parametrize("verb", ["open", "verify"])
def test_what_is_not_from_the_charity_is_refused(desk, verb: str) -> None:
    path = desk.receives("a" * 32, desk.sealed(signing=SigningKey.generate()))

    shown = desk.types(verb, str(path))

    assert shown.exit_code == 1
    assert "not signed with the charity's key" in shown.stderr
    assert not (path.parent / "answers").exists()


def test_what_is_sealed_for_another_unit_is_refused(desk) -> None:
    path = desk.receives("a" * 32, desk.sealed(unit="essex-acu"))

    shown = desk.types("open", str(path))

    assert "sealed for another unit" in shown.stderr


def test_what_names_this_unit_but_not_its_key_is_refused(desk) -> None:
    header = new_header(EnvelopeKind.REPORT, "report", 1, unit="kent-acu")
    path = desk.receives("a" * 32, seal(b"{}", header, [ReaderKey.generate().public], desk.charity.release))

    assert "not sealed for this key" in desk.types("open", str(path)).stderr


def test_an_altered_report_is_refused(desk) -> None:
    envelope = desk.sealed()
    altered = replace(envelope, ciphertext=envelope.ciphertext[:-1] + bytes([envelope.ciphertext[-1] ^ 1]))

    shown = desk.types("open", str(desk.receives("a" * 32, altered)))

    assert "was changed on the way" in shown.stderr


@pytest.mark.parametrize("content", [b"no json", b"[]", b"{}", b'{"marking": 1, "title": 2, "entries": 5}'])
def test_content_of_an_unknown_form_is_refused_in_words(desk, content: bytes) -> None:
    path = desk.receives("a" * 32, desk.sealed(content))

    shown = desk.types("open", str(path))

    assert "not in a form this program knows" in shown.stderr
    assert not (path.parent / "answers").exists()


def test_ours_is_said_only_after_opening(desk) -> None:
    envelope = desk.sealed()
    path = desk.receives("a" * 32, envelope)

    too_early = desk.types("answer", str(path), "--ours")
    desk.types("open", str(path))
    in_time = desk.types("answer", str(path), "--ours")
    again = desk.types("answer", str(path), "--ours")
    otherwise = desk.types("answer", str(path), "--not-ours")

    assert "Open and read it first" in too_early.stderr
    assert (in_time.exit_code, again.exit_code, otherwise.exit_code) == (0, 0, 1)
    verdicts = {
        verify_answer(file.read_bytes(), envelope.digest, "kent-acu", desk.unit.answers).verdict
        for file in (path.parent / "answers").iterdir()
    }
    assert verdicts == {Verdict.OPENED, Verdict.OURS}


def test_an_answer_is_never_guessed(desk) -> None:
    shown = desk.types("answer", str(desk.receives("a" * 32, desk.sealed())))

    assert shown.exit_code == 2
    assert "--ours or --not-ours" in shown.stderr


def test_watching_lists_reports_and_opens_none(desk) -> None:
    path = desk.receives("a" * 32, desk.sealed())
    (desk.folder / "in" / f"{'b' * 32}.candour").write_bytes(b"not an envelope")

    before = desk.types("watch", str(path.parent), "--once").stdout
    desk.types("open", str(path))
    after = desk.types("watch", str(path.parent), "--once").stdout

    assert "new" in before
    assert "refused" in before
    assert "opened" in after
    assert WORDS not in before + after


def test_a_newcomer_is_said_once() -> None:
    first, second = (Listed(Path(f"{name}.candour"), "1234 5678", "new", "") for name in "ab")
    looks = iter([[], [first], [first], [first, second]])
    said: list[str] = []
    left = iter([True, True, True, False])

    follow(lambda: next(looks), said.append, lambda: next(left))

    assert said == [
        "There are no reports here.",
        "1234 5678  new       a.candour",
        "1234 5678  new       b.candour",
    ]


def test_verifying_needs_no_private_key(desk) -> None:
    envelope = desk.sealed()
    path = desk.receives("a" * 32, envelope)
    (desk.folder / "kent-acu.keys.json").unlink()

    shown = desk.types("verify", str(path))

    assert shown.exit_code == 0
    assert envelope.digest.hex() in shown.stdout


def test_an_older_directory_is_not_believed_again(desk) -> None:
    path = desk.receives("a" * 32, desk.sealed())
    older = (desk.folder / "directory.json").read_bytes()
    newer = with_unit(desk.charity.directory(desk.unit), desk.unit, date(2026, 2, 1), date(2027, 1, 1))

    (desk.folder / "directory.json").write_bytes(sign_directory(newer, desk.charity.root))
    assert desk.types("verify", str(path)).exit_code == 0
    (desk.folder / "directory.json").write_bytes(older)

    assert "older than one already seen" in desk.types("verify", str(path)).stderr


def test_a_directory_the_root_did_not_sign_is_not_believed(desk) -> None:
    path = desk.receives("a" * 32, desk.sealed())
    forged = sign_directory(desk.charity.directory(desk.unit), SigningKey.generate())
    (desk.folder / "directory.json").write_bytes(forged)

    assert "not signed by the organisation's root" in desk.types("open", str(path)).stderr


def test_a_pinned_release_key_does_without_a_directory(desk) -> None:
    path = desk.receives("a" * 32, desk.sealed())
    (desk.folder / "directory.json").unlink()
    text = (desk.folder / "unit.toml").read_text()
    pinned = text.replace('release = ""', f'release = "{desk.charity.release.public.to_text()}"')

    without = desk.types("verify", str(path))
    (desk.folder / "unit.toml").write_text(pinned)
    with_it = desk.types("verify", str(path))

    assert "not enrolled yet" in without.stderr
    assert with_it.exit_code == 0


@pytest.mark.parametrize("text", ["", "unit = 7", 'unit = "kent-acu"', "[", 'unit="a"\nkeys="b"\nextra="c"'])
def test_a_unit_file_that_is_wrong_is_said_to_be(desk, text: str) -> None:
    path = desk.receives("a" * 32, desk.sealed())
    (desk.folder / "unit.toml").write_text(text)

    shown = desk.types("open", str(path))

    assert shown.exit_code == 1
    assert "unit.toml is missing or is not as it should be" in shown.stderr


def test_a_passphrase_protects_the_key_file(desk, tmp_path: Path) -> None:
    typed = ["keygen", "--unit", "essex-acu", "--name", "Essex", "--force", "essex"]
    own = ["--unit-file", str(tmp_path / "unit.toml")]
    short = desk.types(*own, *typed, entered="short\nshort\n")
    made = desk.types(*own, *typed, entered="fourteen signs at least\n" * 2)

    assert "14 to 128" in short.stderr
    assert made.exit_code == 0, made.output
    kept = (tmp_path / "essex-acu.keys.json").read_bytes()
    assert b'"protection":"passphrase"' in kept
    assert stat.S_IMODE((tmp_path / "essex-acu.keys.json").stat().st_mode) == 0o600
    assert read_enrolment((tmp_path / "essex-acu.enrolment.json").read_bytes()).forces == ("essex",)


def test_keys_are_made_again_from_words_on_paper_and_say_the_same_words_aloud(desk, tmp_path: Path) -> None:
    typed = ["keygen", "--unit", "essex-acu", "--name", "Essex", "--force", "essex", "--unprotected"]
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()

    made = desk.types("--unit-file", str(first / "unit.toml"), *typed, "--paper")
    aloud, secret = made.stdout.split("SECRET")
    paper = tmp_path / "paper.txt"
    paper.write_text("\n".join(secret.splitlines()[1:]), encoding="utf-8")
    again = desk.types("--unit-file", str(second / "unit.toml"), *typed, "--from-paper", str(paper))

    assert made.exit_code == again.exit_code == 0, again.output
    assert len(paper.read_text().split()) == 34
    assert aloud.splitlines()[-4:-1] == again.stdout.splitlines()[-3:]
    requests = [read_enrolment((folder / "essex-acu.enrolment.json").read_bytes()) for folder in (first, second)]
    assert requests[0] == requests[1]
    assert "SECRET" not in again.stdout


@pytest.mark.parametrize("option", ["--from-paper", "--restore"])
def test_keys_made_again_are_sent_to_nobody_and_what_paper_does_not_hold_is_named(
    desk, tmp_path: Path, option: str
) -> None:
    typed = ["keygen", "--unit", "essex-acu", "--name", "Essex", "--force", "essex", "--unprotected"]
    made = desk.types("--unit-file", str(tmp_path / "unit.toml"), *typed, "--paper")
    paper = tmp_path / "paper.txt"
    paper.write_text("\n".join(made.stdout.split("SECRET")[1].splitlines()[1:]), encoding="utf-8")
    told = []
    for name, root in (("without", ()), ("with", ("--root", desk.charity.root.public.to_text()))):
        (tmp_path / name).mkdir()
        again = desk.types("--unit-file", str(tmp_path / name / "unit.toml"), *typed, option, str(paper), *root)
        told.append(again.stdout)

    assert "Send this to the charity" in made.stdout
    assert all("Send this" not in one and "needs nothing from you" in one for one in told)
    assert all("newest directory.json beside it" in one for one in told)
    assert ["root key into" in one for one in told] == [True, False]


def test_a_report_that_left_under_an_earlier_release_key_is_still_opened(desk) -> None:
    early = desk.receives("a" * 32, desk.sealed())
    new = SigningKey.generate()
    known = desk.charity.directory(desk.unit)
    rotated = with_release_key(known, ReleaseKey(version=2, verify=new.public), date(2026, 2, 1), date(2027, 1, 1))
    (desk.folder / "directory.json").write_bytes(sign_directory(rotated, desk.charity.root))
    late = desk.receives("b" * 32, desk.sealed(signing=new))
    forged = desk.receives("c" * 32, desk.sealed(signing=SigningKey.generate()))

    assert desk.types("open", str(early)).exit_code == 0
    assert desk.types("open", str(late)).exit_code == 0
    assert "not signed with the charity's key" in desk.types("open", str(forged)).stderr


def test_keys_are_never_overwritten(desk) -> None:
    before = desk.everything_written()

    again = desk.types("keygen", "--unit", "kent-acu", "--name", "Kent ACU", "--force", "kent", "--unprotected")

    assert again.exit_code == 1
    assert desk.everything_written() == before


@pytest.mark.parametrize(
    "name",
    ["Kent ACU\x1b[8m", "Kent ACU has these words:\n  apron broom", "Kent \u202eUCA", "Kent\u2028ACU", "", "K" * 121],
)
def test_a_name_that_could_change_what_a_screen_shows_is_neither_asked_for_nor_read(desk, tmp_path, name: str) -> None:
    # Its words are compared beside it: a name that hides them would let another unit's be shown in their place.
    asked = enrolment_request(new_unit_keys("kent-acu"), name, ("kent",))

    told = desk.types("keygen", "--unit", "essex-acu", "--name", name, "--unprotected")

    assert told.exit_code == 2
    with pytest.raises(EnrolmentMalformed):
        read_enrolment(asked)
    with pytest.raises(ValidationError):
        Unit.model_validate({**desk.unit.model_dump(), "name": name})


def test_a_request_somebody_changed_is_not_read(desk) -> None:
    written = (desk.folder / "kent-acu.enrolment.json").read_bytes()

    with pytest.raises(SealingError):
        read_enrolment(written.replace(b'"kent"', b'"essex"'))
