"""What every webhook of the line works with: the store, the time, the menu, the words and the addresses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from ivr.line.menu import HOURS, QUEUE, End, Nodes
from ivr.line.opening import Opening, opening
from ivr.line.place import Place
from ivr.line.prompts import Prompts
from ivr.line.twiml import ALWAYS, speak
from ivr.line.urls import LineUrls
from shared.domain.forces import FORCES
from shared.domain.limits import EVERYONE, ORDINARY, Door, Patience
from shared.domain.line_by_hand import hours_today, word_by_hand
from shared.domain.live_calls import LiveCall
from shared.domain.vocabulary import ClosedWords
from shared.store.database import Store

_P = ParamSpec("_P")
_T = TypeVar("_T")
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Exchange:
    """`number` is the line's own, which callers and handsets are shown. Holds nothing of any call.

    `door` says who is let in, `patience` how long a caller waits.
    """

    store: Store
    clock: Callable[[], datetime]
    nodes: Nodes
    prompts: Prompts
    urls: LineUrls
    number: str
    door: Door = EVERYONE
    patience: Patience = ORDINARY

    def write(self, verb: Callable[Concatenate[Connection, _P], _T], *args: _P.args, **named: _P.kwargs) -> _T:
        """Carry out one step of the rules in a transaction of its own."""
        with self.store.begin() as tx:
            return verb(tx, *args, **named)

    def speak(self, place: Place) -> str:
        """What a caller hears at a place of the menu's table."""
        node = self.nodes[place.node]
        hours = self._opening() if isinstance(node, End) and HOURS in node.say else ALWAYS
        return speak(place, node, self.urls, self.prompts, hours)

    def closed_words(self) -> ClosedWords:
        """What a closed line says first."""
        with self.store.read() as tx:
            word = word_by_hand(tx, self.clock())
        return ClosedWords.CLOSED if word is None else word.words

    def _opening(self) -> Opening:
        """When the line is open. If the store cannot be read nothing is said of it: it may not be true today."""
        now = self.clock()
        try:
            with self.store.read() as tx:
                return opening(hours_today(tx, self.door.hours, now), now)
        except SQLAlchemyError as error:
            _log.error("hours_not_read", error=type(error).__name__)
            return Opening("")


def place_of(call: LiveCall | None) -> Place:
    """The queue, with a call's choices as they are stored, corrected ones included."""
    if call is None:
        return Place(node=QUEUE)
    force = FORCES.get(call.force_id or "")
    return Place(
        node=QUEUE,
        language=call.language,
        mode=call.mode,
        category=call.category,
        region=force.region if force else "",
        force=force.id if force else "",
        unable_to_speak=call.unable_to_speak,
    )
