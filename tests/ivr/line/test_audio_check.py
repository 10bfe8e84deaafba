"""The prompts' audio is there, says what it should, and can be heard."""

from pathlib import Path

import pytest

from ivr.line.audio import MANIFEST, Entry, Source, audio_hash, manifest_text, words_hash
from ivr.line.audio_check import prompts_of, unfit
from ivr.line.prompts import load_prompts
from ivr.line.reading import reading_list
from ivr.wav import SILENCE, write_wav
from shared.domain.vocabulary import Language

EN = Language.EN
WAVE = bytes((0x90, 0x10)) * 4  # loud, and not at the end of the scale
FOLDER = Path(__file__).parents[3] / "voice_prompts"


@pytest.mark.parametrize("language", Language)
def test_every_prompt_has_fit_audio_that_says_its_words(language: Language) -> None:
    pieces = list(prompts_of(language))

    assert len(pieces) > 100
    assert [(prompt.piece.id, prompt.wrong) for prompt in pieces if prompt.wrong] == []


@pytest.mark.parametrize("language", Language)
def test_there_is_no_audio_that_nobody_plays(language: Language) -> None:
    files = {path.name for path in (FOLDER / language).iterdir()}

    assert files == {MANIFEST, *(f"{piece}.wav" for piece in reading_list(language))}


@pytest.mark.parametrize("language", Language)
def test_every_word_of_the_line_is_in_a_piece_with_a_reader_and_a_note(language: Language) -> None:
    pieces = reading_list(language).values()

    assert {piece.prompt for piece in pieces} >= set(load_prompts().words[language]) - {"option"}
    assert all(piece.reader and piece.note for piece in pieces)


def test_the_audio_of_both_languages_stays_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*.wav")) < 6_000_000


@pytest.mark.parametrize(
    ("samples", "words", "wrong"),
    [
        (WAVE * 2000, "About three or four words.", ""),
        (SILENCE * 16_000, "About three or four words.", "it is silent, or nearly"),
        (b"", "Kent", "it is silent, or nearly"),
        (WAVE * 1000 + b"\x80\x80\x80" + WAVE * 1000, "About three or four words.", "it is clipped"),
        (WAVE * 500, "About three or four words.", "0.5 s are not likely for these words"),
        (WAVE * 9000, "About three or four words.", "9.0 s are not likely for these words"),
    ],
    ids=["fit", "silent", "empty", "clipped", "short", "long"],
)
def test_sound_that_cannot_be_these_words_is_named(samples: bytes, words: str, wrong: str) -> None:
    assert unfit(samples, words) == wrong


def found(folder: Path, entry: Entry, sound: bytes) -> tuple[str, str]:
    """What is wrong with one file of English, and what to do."""
    (folder / EN).mkdir()
    (folder / EN / f"{entry.piece}.wav").write_bytes(write_wav(sound))
    (folder / EN / MANIFEST).write_text(manifest_text([entry]), encoding="utf-8")
    (prompt,) = [prompt for prompt in prompts_of(EN, folder=folder) if prompt.piece.id == entry.piece]
    return prompt.wrong, prompt.to_do


def goodbye(source: Source, words: str = "Goodbye.", sound: bytes = WAVE * 700) -> Entry:
    return Entry("leaving", words_hash(EN, words), source, "Someone", 0.7, audio_hash(sound))


def test_a_recording_of_other_words_wants_reading_again(tmp_path: Path) -> None:
    wrong, to_do = found(tmp_path, goodbye(Source.RECORDING, "Farewell."), WAVE * 700)

    assert wrong == "it says other words than prompts.toml"
    assert to_do == "Read it again, then: candour prompts replace leaving FILE --language en-GB"


def test_a_machines_reading_of_other_words_is_made_again(tmp_path: Path) -> None:
    assert found(tmp_path, goodbye(Source.SYNTHETIC, "Farewell."), WAVE * 700)[1] == "make prompts"


def test_a_file_that_was_exchanged_by_hand_is_noticed(tmp_path: Path) -> None:
    assert found(tmp_path, goodbye(Source.RECORDING), WAVE * 800)[0] == (
        "the file is missing or not the one in the manifest"
    )


def test_a_good_recording_is_well(tmp_path: Path) -> None:
    assert found(tmp_path, goodbye(Source.RECORDING), WAVE * 700) == ("", "")


def test_a_piece_without_audio_is_missing(tmp_path: Path) -> None:
    assert {(prompt.wrong, prompt.to_do) for prompt in prompts_of(EN, folder=tmp_path)} == {
        ("there is no audio", "make prompts")
    }
