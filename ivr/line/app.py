"""Wires the line: dialogue and rules over one store, and the edge before them. Knows no configuration and no server."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask

from ivr.line.exchange import Exchange
from ivr.line.menu import nodes
from ivr.line.public import LineSettings, Speech, public_app
from ivr.line.refusals import Refusals
from ivr.line.urls import LineUrls
from ivr.line.webhooks import Line
from shared.domain.vocabulary import Language
from shared.store.database import Store

__all__ = ["LineSettings", "line_app", "line_behind"]


def line_behind(store: Store, line: LineSettings, speech: Speech, clock: Callable[[], datetime]) -> Line:
    """What answers behind the edge: from a Webhook, which has no field for a number, to TwiML."""
    prompts = speech.words.with_audio(speech.shelf, line.public_url)
    exchange = Exchange(
        store=store,
        clock=clock,
        nodes=nodes(welsh_reviewed=Language.CY in prompts.reviewed),
        prompts=prompts,
        urls=LineUrls(line.public_url),
        number=line.number,
        door=line.door,
        patience=line.patience,
    )
    return Line(exchange)


def line_app(store: Store, line: LineSettings, clock: Callable[[], datetime]) -> Flask:
    """Edge and line in one process, as a WSGI application."""
    speech = Speech.of(line)
    return public_app(line_behind(store, line, speech, clock), line, speech, Refusals().count_and_tell)
