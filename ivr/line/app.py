"""Wires the line: edge, dialogue and rules over one store. Knows no configuration file and no server."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask

from ivr.line import twiml
from ivr.line.audio import Source, load_shelf
from ivr.line.audio_route import add_audio
from ivr.line.edge import LastWords, edge_app
from ivr.line.exchange import Exchange
from ivr.line.menu import nodes
from ivr.line.prompts import DEFAULT_ONLINE, load_prompts
from ivr.line.signature import Signatures
from ivr.line.urls import LineUrls
from ivr.line.webhooks import Line
from shared.domain.vocabulary import Language
from shared.store.database import Store


@dataclass(frozen=True, slots=True)
class LineSettings:
    """What the line must be told: where Twilio reaches it, the account's tokens (two while one is changed), and the
    line's own number, E.164. `online` is the other route as it is spoken; `audio` is what may be played of the prompts.
    """

    public_url: str
    auth_tokens: tuple[str, ...] = field(repr=False)
    number: str
    online: str = DEFAULT_ONLINE
    audio: frozenset[Source] = frozenset({Source.RECORDING})


def line_app(
    store: Store, line: LineSettings, clock: Callable[[], datetime], on_refusal: Callable[[], None] = lambda: None
) -> Flask:
    """The line's WSGI application. `on_refusal` is called for each request that Twilio did not sign."""
    shelf = load_shelf(line.audio)
    words = load_prompts(line.online)
    prompts = words.with_audio(shelf, line.public_url)
    exchange = Exchange(
        store=store,
        clock=clock,
        nodes=nodes(welsh_reviewed=Language.CY in prompts.reviewed),
        prompts=prompts,
        urls=LineUrls(line.public_url),
        number=line.number,
    )
    # Said by Twilio even where there are recordings: the last words may need nothing more of ours.
    last_words = LastWords(refusal=twiml.refusal(words), apology=twiml.apology(words))
    app = edge_app(Line(exchange), Signatures(line.public_url, line.auth_tokens), last_words, on_refusal)
    add_audio(app, shelf)
    return app
