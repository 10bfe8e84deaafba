"""``candour prompts``, as it is typed."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli import main
from ivr.commands import prompts as command
from ivr.line.audio import ManifestMalformed, read_manifest
from ivr.line.audio_check import Prompt, prompts_of
from ivr.line.listening import Listening
from ivr.line.prompts import PromptsIncomplete
from ivr.line.reading import PieceUnknown, reading_list
from ivr.sound import Loudspeaker, NoSound
from ivr.wav import read_wav
from shared.domain.vocabulary import Language


def typed(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--config", str(folder / "config.toml"), "prompts", *arguments])


def test_the_list_says_voice_length_and_review_of_every_piece(tmp_path: Path) -> None:
    answer = typed(tmp_path)

    assert answer.exit_code == 0
    lines = answer.output.splitlines()
    for language, standing in ((Language.EN, "reviewed"), (Language.CY, "not reviewed")):
        for piece in reading_list(language):
            (line,) = [line for line in lines if line.split()[:2] == [language.value, piece]]
            assert line.endswith(standing)
            assert {"machine", "recording"} & set(line.split())
    assert f"en-GB: {len(reading_list(Language.EN))} pieces, " in answer.output


def test_one_language_can_be_listed(tmp_path: Path) -> None:
    answer = typed(tmp_path, "--language", "cy-GB")

    assert "cy-GB  danger" in answer.output
    assert "en-GB" not in answer.output


def test_the_script_says_who_reads_what_and_how(tmp_path: Path) -> None:
    answer = typed(tmp_path, "script", "--language", "en-GB")

    danger = reading_list(Language.EN)["danger"]
    assert all(part in answer.output for part in (danger.reader, danger.words, danger.note))


def test_the_audio_that_is_there_is_well(tmp_path: Path) -> None:
    answer = typed(tmp_path, "check")

    assert (answer.exit_code, answer.output.count("\n")) == (0, 1)


def test_what_is_wrong_is_said_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = next(iter(prompts_of(Language.EN)))
    wrong = Prompt(good.piece, good.entry, "it is clipped", "make prompts")
    monkeypatch.setattr(command, "prompts_of", lambda *_: [good, wrong])
    monkeypatch.setattr(command, "ways_to_the_queue", lambda *_: [Listening("doing nothing", 61.0, 60)])

    answer = typed(tmp_path, "check")

    assert answer.exit_code == 1
    assert f"en-GB {wrong.piece.id}: it is clipped. make prompts" in answer.output
    assert "cy-GB doing nothing: 61.0 s until the queue, 60 s at most." in answer.output


@pytest.mark.parametrize(
    "fact", [PromptsIncomplete("no words in cy-GB for: who"), PieceUnknown("who: stranger"), ManifestMalformed("x")]
)
def test_words_that_are_not_whole_are_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fact: Exception
) -> None:
    def raises(*_: object) -> list[Prompt]:
        raise fact

    monkeypatch.setattr(command, "prompts_of", raises)

    answer = typed(tmp_path, "check")

    assert answer.exit_code == 1
    assert f"In voice_prompts: {fact}." in answer.output


class Heard(Loudspeaker):
    """A loudspeaker that remembers."""

    sounds: list[bytes]

    def __init__(self) -> None:
        Heard.sounds = []

    def play(self, wav: bytes) -> None:
        self.sounds.append(read_wav(wav))

    def finish(self) -> None:
        pass

    def close(self) -> None:
        pass


def test_a_prompt_is_played_with_all_its_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "Loudspeaker", Heard)

    answer = typed(tmp_path, "play", "other_ways", "--language", "cy-GB")

    assert answer.exit_code == 0
    assert [line.partition(":")[0] for line in answer.output.splitlines()] == ["other_ways-1", "other_ways-2"]
    assert len(Heard.sounds) == 2


def test_without_a_loudspeaker_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def silence() -> Loudspeaker:
        raise NoSound("No program here plays sound.")

    monkeypatch.setattr(command, "Loudspeaker", silence)

    answer = typed(tmp_path, "play", "danger")

    assert answer.exit_code == 1
    assert "No program here plays sound." in answer.output


@pytest.mark.parametrize("arguments", [("play", "nonesuch"), ("replace", "nonesuch", __file__, "--reader", "x")])
def test_an_unknown_prompt_is_named(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    answer = typed(tmp_path, *arguments)

    assert answer.exit_code == 1
    assert "nonesuch" in answer.output


def test_a_file_that_is_no_recording_changes_nothing(tmp_path: Path) -> None:
    before = read_manifest(Language.EN)

    answer = typed(tmp_path, "replace", "leaving", __file__, "--reader", "Someone")

    assert answer.exit_code == 1
    assert read_manifest(Language.EN) == before
