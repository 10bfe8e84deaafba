"""What a <Play> is on the local Twilio: fetched, as long as it sounds, and in words where they are known."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from werkzeug.wrappers import Request, Response

from ivr.line.audio import Shelf, Source, audio_hash, audio_url, load_shelf, words_hash
from ivr.line.prompts import load_prompts
from ivr.simulator.conversation import Conversation, LineKind
from ivr.simulator.in_process import PUBLIC_URL, local_twilio
from ivr.simulator.phone import Phone
from ivr.simulator.played import UNKNOWN, Aloud, Played, words_played
from ivr.simulator.refusals import TwimlRefused
from ivr.simulator.terminal_phone import plain_line
from ivr.simulator.webhook import WsgiTransport
from ivr.sound import Loudspeaker
from ivr.wav import write_wav
from shared.domain.vocabulary import Language

AUDIO = f"{PUBLIC_URL}/sound.wav"
FIVE_SECONDS = write_wav(b"\x10" * 40_000)
View = Callable[[Request], Response]


def playing(audio: View, play: str = AUDIO) -> View:
    def view(request: Request) -> Response:
        if request.path == "/sound.wav":
            return audio(request)
        return Response(f"<Response><Play>{play}</Play></Response>", content_type="text/xml")

    return view


def five_seconds(_request: Request) -> Response:
    return Response(FIVE_SECONDS, content_type="audio/wav")


def dialled(view: View) -> tuple[Phone, list[tuple[str, str]]]:
    """A telephone that rang an application, and every request that the application then got."""
    application = Request.application(view)
    twilio = local_twilio(application, status_path=None)
    phone = Phone(twilio).dial().listen(60)
    assert isinstance(twilio.carrier.transport, WsgiTransport)
    return phone, [(webhook.method, webhook.url) for webhook in twilio.carrier.transport.sent]


def test_a_play_lasts_as_long_as_its_audio_sounds() -> None:
    phone, _ = dialled(playing(five_seconds))
    (spoken,) = phone.transcript

    assert spoken.ended == spoken.at + timedelta(seconds=5)
    assert (spoken.words, spoken.voice) == (UNKNOWN, "")


def test_audio_is_fetched_once_by_get_and_without_parameters() -> None:
    seen = []

    def audio(request: Request) -> Response:
        seen.append((request.query_string, request.get_data()))
        return five_seconds(request)

    def view(request: Request) -> Response:
        return playing(audio)(request) if request.path == "/sound.wav" else twice

    twice = Response(f"<Response><Play>{AUDIO}</Play><Play loop='2'>{AUDIO}</Play></Response>", content_type="text/xml")

    phone, sent = dialled(view)

    assert len(phone.transcript) == 3
    assert sent.count(("GET", AUDIO)) == 1
    assert seen == [(b"", b"")]


@pytest.mark.parametrize(
    "answer",
    [Response(status=404), Response("<Response/>", content_type="text/xml"), Response(b"", status=204)],
    ids=["not there", "not audio", "empty"],
)
def test_audio_that_cannot_be_had_is_refused_and_the_call_goes_on(answer: Response) -> None:
    def view(request: Request) -> Response:
        if request.path == "/sound.wav":
            return answer
        return Response(f"<Response><Play>{AUDIO}</Play><Say>Hello.</Say></Response>", content_type="text/xml")

    phone, _ = dialled(view)

    with pytest.raises(TwimlRefused, match="answered a <Play>"):
        phone.twilio.check()
    assert phone.heard("Hello.")


def test_audio_from_elsewhere_is_not_fetched() -> None:
    phone, sent = dialled(playing(five_seconds, "https://elsewhere.example/song.mp3"))

    assert [method for method, _ in sent] == ["POST"]
    assert [(spoken.words, spoken.seconds) for spoken in phone.transcript] == [(UNKNOWN, 3.0)]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return load_shelf(Source)


def played(shelf: Shelf, language: Language, *words: str) -> Played:
    name = shelf.name(language, words)
    assert name is not None
    return words_played(audio_url(PUBLIC_URL, name))


def test_the_lines_own_audio_is_shown_in_words(shelf: Shelf) -> None:
    welsh = load_prompts().words[Language.CY]["danger"]

    assert played(shelf, Language.CY, welsh) == Played(welsh, "cy-GB")
    assert played(shelf, Language.EN, "About", "Kent") == Played("About Kent.", "en-GB")
    assert played(shelf, Language.EN, "Kent", "4", "Surrey", "5") == Played("Kent, 4. Surrey, 5.", "en-GB")


@pytest.mark.parametrize("address", ["/voice/audio/0123456789abcdef.wav", "/voice/audio/-.wav", "/other.wav", ""])
def test_any_other_audio_is_a_sound_without_words(address: str) -> None:
    assert words_played(PUBLIC_URL + address) == Played(UNKNOWN)


def test_the_telephone_shows_the_words_that_were_played() -> None:
    event = {"kind": "play", "words": "Goodbye.", "language": "en-GB", "seconds": 1.0, "audio": AUDIO}
    conversation = Conversation(0.0)

    conversation.follow(event, 0.0)
    conversation.follow({"kind": "said", "words": "Goodbye."}, 1.0)

    assert [(line.kind, line.heard) for line in conversation.lines] == [(LineKind.PLAYED, "Goodbye.")]
    assert plain_line(event) == "line: Goodbye."


# --- aloud ---


class Listener(Loudspeaker):
    """Hears what would be played."""

    def __init__(self) -> None:
        self.heard: list[bytes | str] = []

    def play(self, wav: bytes) -> None:
        self.heard.append(wav)

    def stop(self) -> None:
        self.heard.append("quiet")


def test_what_is_played_is_heard_and_cut_short_with_the_key() -> None:
    sound = b"\x10" * 80
    shelf = Shelf({audio_hash(sound): sound}, {words_hash(Language.EN, "Hello there."): audio_hash(sound)})
    listener = Listener()
    aloud = Aloud(shelf, listener)
    event = {"kind": "play", "words": "Hello there.", "audio": audio_url(PUBLIC_URL, audio_hash(sound))}

    for told in (event, {"kind": "said", "words": "Hello there."}, event, {"kind": "said", "words": "Hello"}):
        aloud.follow(told)
    for told in ({"kind": "say", "words": "Bye"}, {"kind": "play", "words": UNKNOWN, "audio": AUDIO}):
        aloud.follow(told)

    assert listener.heard == [write_wav(sound), write_wav(sound), "quiet"]
    aloud.follow({"kind": "state", "state": "ended"})
    assert listener.heard[-1] == "quiet"
