"""The lists of reports, in order and in words: what waits for a review, and one's own. It knows no widget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, assert_never

from console.translation import tr
from console.words import CATEGORIES, short_force_words
from shared.domain.vocabulary import Lane, RejectReason, ReportState, ReviewAskKind
from shared.messages import ReportCard, ReviewAskCard

OWN: Final = tr("Yours: a colleague reviews it")

REJECT_REASONS: Final[Mapping[RejectReason, str]] = {
    RejectReason.DUPLICATE: tr("It was reported already"),
    RejectReason.HOAX: tr("A hoax"),
    RejectReason.NOT_POLICE: tr("Not about the police"),
    RejectReason.NOTHING_TO_ACT_ON: tr("Nothing a unit could act on"),
    RejectReason.TOO_DANGEROUS: tr("It would point to the caller, however it is written"),
    RejectReason.WITHDRAWN: tr("The caller does not want it sent"),
}

# What is looked at first: what has left already, then what waits, then what is held, then what is with its author.
_ORDER: Final = (ReportState.RELEASED, ReportState.IN_REVIEW, ReportState.HELD, ReportState.RETURNED)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report in a list."""

    id: str
    title: str
    detail: str
    may_open: bool


def to_review(cards: Iterable[ReportCard]) -> tuple[ReportRow, ...]:
    """Urgent ones first, then the oldest; held ones after, then those that are with their authors."""
    listed = [card for card in cards if card.state in _ORDER[1:] and not (card.mine and card.state is _ORDER[3])]
    listed += [card for card in cards if card.state not in _ORDER[1:] and card.ask is not None]
    return tuple(_reviewed(card) for card in sorted(listed, key=_place))


def own_open(cards: Iterable[ReportCard]) -> tuple[ReportRow, ...]:
    """One's own: what came back first, then what was rejected, then drafts."""
    mine = [card for card in cards if card.mine]
    return tuple(
        [_row(card, tr("Came back with remarks"), True) for card in mine if card.state is ReportState.RETURNED]
        + [_row(card, _rejected(card), True) for card in mine if card.state is ReportState.REJECTED]
        + [_row(card, tr("Draft"), True) for card in mine if card.state is ReportState.DRAFT]
    )


def ask_words(ask: ReviewAskCard) -> str:
    """What waits for a second supervisor, in a sentence."""
    who = tr("You ask") if ask.mine else f"{ask.by} asks"
    match ask.kind:
        case ReviewAskKind.REJECT:
            return f"{who} to reject it: {_reason(ask.reason)}."
        case ReviewAskKind.HOLD_LONGER:
            return f"{who} to hold it until {_day(ask.until)}."
        case ReviewAskKind.URGENT_SENT:
            sent = tr("You released") if ask.mine else f"{ask.by} released"
            return f"{sent} this urgently. A second supervisor looks at it now."
        case _ as never:
            assert_never(never)


def _place(card: ReportCard) -> tuple[object, ...]:
    order = _ORDER.index(card.state) if card.state in _ORDER else 0
    return order, card.lane is not Lane.URGENT, card.submitted_on or card.started_on, card.id


def _reviewed(card: ReportCard) -> ReportRow:
    if card.mine:
        return _row(card, OWN, False)
    if card.state is ReportState.RETURNED:
        return _row(card, tr("With its author"), False)
    said = [tr("Urgent")] if card.lane is Lane.URGENT else []
    if card.ask is not None:
        said.append(tr("waits for a colleague") if card.ask.mine else tr("waits for you"))
    if card.state is ReportState.HELD:
        said.append(f"held until {_day(card.held_until)}")
    if card.readers:
        said.append(f"open: {', '.join(card.readers)}")
    words = ", ".join(said)
    return _row(card, words[:1].upper() + words[1:], True)


def _rejected(card: ReportCard) -> str:
    return f"Rejected: {_reason(card.rejected_because)}. Press to take it off the list."


def _reason(reason: RejectReason | None) -> str:
    words = "" if reason is None else REJECT_REASONS[reason]
    return words[:1].lower() + words[1:]


def _day(day: date | None) -> str:
    return "" if day is None else f"{day.day} {day:%B}"


def _row(card: ReportCard, detail: str, may_open: bool) -> ReportRow:
    day = card.submitted_on or card.started_on
    title = f"{short_force_words(card.force_id)} · {day.day} {day:%B}"
    return ReportRow(card.id, title, detail or CATEGORIES[card.category], may_open)
