"""What Twilio reaches of the line: the edge and the prompts' audio, before what answers a Webhook. Opens no store."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from flask import Flask

from ivr.line import rules, twiml
from ivr.line.allow_list import Webhook
from ivr.line.audio import Shelf, Source, load_shelf
from ivr.line.audio_route import add_audio
from ivr.line.away import line_away
from ivr.line.edge import LastWords, edge_app
from ivr.line.prompts import DEFAULT_ONLINE, Prompts, load_prompts
from ivr.line.signature import Signatures
from shared.domain.limits import EVERYONE, ORDINARY, Door, Patience
from shared.settings import Config, PromptAudio

PLAYED = {PromptAudio.RECORDINGS: frozenset({Source.RECORDING}), PromptAudio.FILES: frozenset(Source)}


@dataclass(frozen=True, slots=True)
class LineSettings:
    """What the line must be told: where Twilio reaches it, the account's tokens (two while one is changed), and the
    line's own number, E.164. `online` is the other route as it is spoken; `audio` is what may be played of the prompts.
    `door` says who is let in, `patience` how long a caller waits.
    """

    public_url: str
    auth_tokens: tuple[str, ...] = field(repr=False)
    number: str
    online: str = DEFAULT_ONLINE
    audio: frozenset[Source] = frozenset({Source.RECORDING})
    door: Door = EVERYONE
    patience: Patience = ORDINARY

    @classmethod
    def configured(cls, config: Config) -> "LineSettings":
        return cls(
            public_url=config.line.public_url,
            auth_tokens=config.telephony.auth_tokens,
            number=config.telephony.number,
            online=config.line.online_route,
            audio=PLAYED[config.line.prompts],
            door=rules.door(config.line),
            patience=rules.patience(config.line),
        )


@dataclass(frozen=True, slots=True)
class Speech:
    """The words, and what there is of them as audio."""

    words: Prompts
    shelf: Shelf

    @classmethod
    def of(cls, line: LineSettings) -> "Speech":
        return cls(load_prompts(line.online), load_shelf(line.audio))


def public_app(
    answer: Callable[[Webhook], str | None], line: LineSettings, speech: Speech, on_refusal: Callable[[], None]
) -> Flask:
    """The WSGI application on the public listener. `answer` is the line itself, or a way to ask it."""
    # Said by Twilio even where there are recordings: the last words may need nothing more of ours.
    words = speech.words
    last_words = LastWords(refusal=twiml.refusal(words), apology=twiml.apology(words))
    away = partial(line_away, public_url=line.public_url, prompts=words)
    app = edge_app(answer, Signatures(line.public_url, line.auth_tokens), last_words, on_refusal, away)
    add_audio(app, speech.shelf)
    return app
