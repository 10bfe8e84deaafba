"""The line as it would be with other settings, and with Welsh words that have been reviewed, on the line of a test."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from ivr.line.app import line_behind
from ivr.line.public import Speech, public_app
from shared.domain.presence import set_presence
from shared.domain.vocabulary import Language, PresenceState
from shared.store.schema import person
from tests.support.line import SETTINGS, Exchange


def with_settings(exchange: Exchange, *, welsh: bool = False, **settings: Any) -> Exchange:
    """The same calls, store and time, answered by a line with these settings. `welsh`: its words count as reviewed."""
    line = replace(SETTINGS, **settings)
    speech = Speech.of(line)
    if welsh:
        speech = replace(speech, words=replace(speech.words, reviewed=frozenset(Language)))
    behind = line_behind(exchange.store, line, speech, exchange.time.now)
    exchange.transport.application = public_app(behind, line, speech, lambda: None)
    return exchange


def everyone_goes(exchange: Exchange, minutes_ago: float = 5) -> None:
    """Whoever was on duty has gone home; some minutes pass."""
    with exchange.store.begin() as tx:
        for person_id in tx.execute(select(person.c.id)).scalars().all():
            set_presence(tx, person_id, PresenceState.OFFLINE, exchange.time.now())
    exchange.time.advance(minutes_ago * 60)
