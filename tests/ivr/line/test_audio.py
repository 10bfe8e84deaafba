"""Which sound says which words, and what may be fetched."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from ivr.line import twiml
from ivr.line.allow_list import Route
from ivr.line.app import LineSettings, line_app
from ivr.line.audio import (
    MANIFEST,
    MOST_PIECES,
    Entry,
    ManifestMalformed,
    Shelf,
    Source,
    audio_hash,
    audio_name,
    audio_url,
    load_shelf,
    manifest_text,
    pieces,
    read_manifest,
    words_hash,
)
from ivr.line.audio_route import AUDIO_RULE
from ivr.line.menu import CATEGORY, WELCOME, nodes
from ivr.line.place import Place
from ivr.line.prompts import Prompts
from ivr.line.urls import LineUrls
from ivr.wav import read_wav, write_wav
from shared.domain.vocabulary import Category, Language
from shared.store.database import Store

PUBLIC = "https://line.example"
EN, CY = Language.EN, Language.CY


def shelf_of(spoken: Mapping[str, bytes], language: Language = EN) -> Shelf:
    return Shelf(
        samples={audio_hash(samples): samples for samples in spoken.values()},
        spoken={words_hash(language, words): audio_hash(samples) for words, samples in spoken.items()},
    )


def put(folder: Path, piece: str, words: str, source: Source = Source.RECORDING, sound: bytes = b"") -> Entry:
    """A file and its line of the English manifest; without `sound`, each piece sounds different."""
    samples = sound or piece.encode()
    (folder / EN).mkdir(exist_ok=True)
    (folder / EN / f"{piece}.wav").write_bytes(write_wav(samples))
    entry = Entry(piece, words_hash(EN, words), source, "Someone", 1.0, audio_hash(samples))
    (folder / EN / MANIFEST).write_text(manifest_text([*read_manifest(EN, folder), entry]), encoding="utf-8")
    return entry


# --- words and pieces ---


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("Goodbye.", ("Goodbye.",)),
        ("About {about}.", ("About", "Kent")),
        ("{name}, {key}.", ("Essex", "4")),
        ("Ring, or use {online}. Dial 9.", ("Ring, or use", "example.org", "Dial 9.")),
    ],
)
def test_a_prompt_is_recorded_in_pieces(template: str, said: tuple[str, ...]) -> None:
    values = {"about": "Kent", "name": "Essex", "key": "4", "online": "example.org", "unused": "x"}

    assert pieces(template, values) == said


def test_the_same_words_in_another_language_are_another_recording() -> None:
    assert words_hash(EN, "Kent") != words_hash(CY, "Kent")


def test_an_utterance_is_played_only_if_every_piece_is_there() -> None:
    shelf = shelf_of({"About": b"\x01", "Kent": b"\x02\x03"})

    whole = shelf.name(EN, ("About", "Kent"))

    assert whole is not None
    assert shelf.take(whole) == b"\x01\x02\x03"
    assert shelf.name(EN, ("About", "Essex")) is None
    assert shelf.name(CY, ("About", "Kent")) is None
    assert shelf.name(EN, ()) is None
    assert Shelf().name(EN, ("About",)) is None


def test_an_address_names_the_sound_and_nothing_else_is_taken_for_one() -> None:
    url = audio_url("https://line.example/", "0123456789abcdef-fedcba9876543210")

    assert url == "https://line.example/voice/audio/0123456789abcdef-fedcba9876543210.wav"
    assert audio_name(url) == "0123456789abcdef-fedcba9876543210"
    assert audio_name("https://line.example/voice/audio/../secret.wav") == ""
    assert audio_name("https://elsewhere.example/song.mp3") == ""


# --- files and manifests ---


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    entries = [put(tmp_path, "who", "This is the line."), put(tmp_path, "about", "About", Source.SYNTHETIC)]

    assert read_manifest(EN, tmp_path) == tuple(sorted(entries, key=lambda entry: entry.piece))
    assert read_manifest(CY, tmp_path) == ()


def test_only_the_sources_asked_for_are_on_the_shelf(tmp_path: Path) -> None:
    put(tmp_path, "who", "This is the line.")
    put(tmp_path, "about", "About", Source.SYNTHETIC)

    recordings = load_shelf([Source.RECORDING], tmp_path)

    assert recordings.name(EN, ("This is the line.",))
    assert recordings.name(EN, ("About",)) is None
    assert load_shelf(Source, tmp_path).name(EN, ("About",))


@pytest.mark.parametrize(
    "spoil",
    [Path.unlink, lambda path: path.write_bytes(b"not sound"), lambda path: path.write_bytes(write_wav(b"other"))],
    ids=["missing", "no sound", "another sound"],
)
def test_a_file_that_is_not_what_its_manifest_says_is_not_played(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    put(tmp_path, "who", "This is the line.")
    spoil(tmp_path / EN / "who.wav")

    assert load_shelf(Source, tmp_path).name(EN, ("This is the line.",)) is None


@pytest.mark.parametrize(
    "text", ["piece\nwho\n", "piece,words,source,reader,seconds,audio\nwho,1,parrot,x,1,2\n", "\n1,2\n"]
)
def test_a_manifest_that_cannot_be_read_takes_its_language_from_the_shelf_and_no_more(
    tmp_path: Path, text: str
) -> None:
    put(tmp_path, "who", "This is the line.")
    (tmp_path / CY).mkdir()
    (tmp_path / CY / MANIFEST).write_text(text, encoding="utf-8")

    with pytest.raises(ManifestMalformed):
        read_manifest(CY, tmp_path)
    assert load_shelf(Source, tmp_path).name(EN, ("This is the line.",))


# --- the line ---


def plays(document: str) -> list[str]:
    root = ElementTree.fromstring(document.encode())  # noqa: S314 -- our own document
    return [verb.text or "" for verb in root.iter() if verb.tag == "Play"]


def test_words_with_a_recording_are_played_and_the_rest_is_said(prompts: Prompts) -> None:
    shelf = shelf_of({prompts.words[EN]["danger"]: b"\x01\x02"})
    played = prompts.with_audio(shelf, PUBLIC)

    document = twiml.speak(Place(), nodes(welsh_reviewed=False)[WELCOME], LineUrls(PUBLIC), played)

    (url,) = plays(document)
    assert shelf.take(audio_name(url)) == b"\x01\x02"
    assert document.count("<Say") == 4
    assert "dial 9 9 9" not in document


def test_words_that_were_changed_are_said_and_not_played_as_they_were(prompts: Prompts) -> None:
    played = prompts.with_audio(shelf_of({prompts.words[EN]["leaving"]: b"\x01"}), PUBLIC)
    changed = replace(played, words={**prompts.words, EN: {**prompts.words[EN], "leaving": "Farewell."}})

    assert played.say("leaving", EN).audio
    assert changed.say("leaving", EN).audio == ""


def test_another_online_route_than_the_recorded_one_is_said(prompts: Prompts) -> None:
    recorded = {words: words.encode() for words in pieces(prompts.words[EN]["refused"], {"online": prompts.online})}
    played = prompts.with_audio(shelf_of(recorded), PUBLIC)

    assert played.say("refused", EN).audio
    assert replace(played, online="another.example").say("refused", EN).audio == ""


def test_a_list_is_one_sound(prompts: Prompts) -> None:
    names = [prompts.name(f"category.{category}", EN) for category in Category if category is not Category.UNSET]
    sounds = {words: words.encode() for words in (*names, *"123456")}
    played = prompts.with_audio(shelf_of(sounds), PUBLIC)

    (url,) = plays(twiml.speak(Place(node=CATEGORY), nodes(welsh_reviewed=False)[CATEGORY], LineUrls(PUBLIC), played))

    said = b"".join(name.encode() + key.encode() for name, key in zip(names, "123456", strict=True))
    assert played.shelf.take(audio_name(url)) == said


# --- the route ---


@pytest.fixture
def client(sqlite_store: Store) -> FlaskClient:
    settings = LineSettings(PUBLIC, ("a-token-of-the-account",), "+448081570123", audio=frozenset(Source))
    return line_app(sqlite_store, settings, lambda: datetime(2026, 3, 10, tzinfo=UTC)).test_client()


@pytest.fixture(scope="module")
def on_the_shelf() -> list[str]:
    return sorted(load_shelf(Source).samples)


def test_audio_is_given_out_by_its_hash_to_be_kept_for_good(client: FlaskClient, on_the_shelf: list[str]) -> None:
    answer = client.get(f"/voice/audio/{on_the_shelf[0]}.wav")

    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert audio_hash(read_wav(answer.data)) == on_the_shelf[0]
    assert "Set-Cookie" not in answer.headers


def test_several_pieces_are_given_out_as_one_sound(client: FlaskClient, on_the_shelf: list[str]) -> None:
    first, second = on_the_shelf[:2]

    one, other, both = (
        read_wav(client.get(f"/voice/audio/{name}.wav").data) for name in (first, second, f"{first}-{second}")
    )

    assert both == one + other


@pytest.mark.parametrize("name", ["0" * 16, "manifest", "..%2Fprompts", "%00", "-", "%2E%2E%2Fmanifest.csv%00"])
def test_nothing_else_is_given_out(client: FlaskClient, name: str) -> None:
    assert client.get(f"/voice/audio/{name}.wav").status_code in {404, 405}
    assert client.get(f"/voice/audio/{name}").status_code in {404, 405}


def test_no_more_is_put_together_than_a_list_needs(client: FlaskClient, on_the_shelf: list[str]) -> None:
    def status(count: int) -> int:
        return client.get(f"/voice/audio/{'-'.join([on_the_shelf[0]] * count)}.wav").status_code

    assert status(MOST_PIECES) == 200
    assert status(MOST_PIECES + 1) == 404


def test_the_last_words_need_no_audio_of_ours(client: FlaskClient) -> None:
    for answer in (client.post("/voice/incoming"), client.post("/voice/nowhere")):
        assert "<Say" in answer.text
        assert "<Play" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_audio_can_only_be_fetched(client: FlaskClient, method: str, on_the_shelf: list[str]) -> None:
    assert client.open(f"/voice/audio/{on_the_shelf[0]}.wav", method=method).status_code == 405


def test_the_audio_is_the_one_address_of_the_line_that_is_not_signed(client: FlaskClient) -> None:
    rules = {rule.rule: rule.methods for rule in client.application.url_map.iter_rules()}

    assert rules.pop(AUDIO_RULE) == {"GET", "HEAD"}
    assert rules == {route.value: {"POST"} for route in Route}


def test_every_sound_the_menu_plays_can_be_fetched(client: FlaskClient, reviewed_prompts: Prompts) -> None:
    table, played = nodes(welsh_reviewed=True), reviewed_prompts.with_audio(load_shelf(Source), PUBLIC)
    documents = [
        twiml.speak(Place(node=name, language=language), node, LineUrls(PUBLIC), played)
        for name, node in table.items()
        for language in Language
    ]

    urls = {url for document in documents for url in plays(document)}

    assert len(urls) > 30
    assert not [document for document in documents if "<Say" in document]
    assert {client.get(url.removeprefix(PUBLIC)).status_code for url in urls} == {200}
    assert all(re.fullmatch(r"https://line\.example/voice/audio/[0-9a-f-]+\.wav", url) for url in urls)
