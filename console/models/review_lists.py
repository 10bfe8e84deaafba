"""The lists of reports, in order and in words: what waits for a review, and one's own. It knows no widget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, assert_never

from console.dates import day_words
from console.translation import tr
from console.words import CATEGORIES, short_force_words
from shared.domain.vocabulary import Lane, Mode, RejectReason, ReportState, ReviewAskKind
from shared.messages import ReportCard, ReviewAskCard

YOU_RELEASED: Final = tr("You released this urgently. A second supervisor looks at it now.")
THEY_RELEASED: Final = tr("{name} released this urgently. A second supervisor looks at it now.")
LOOK_WAITS: Final = tr("released urgently, waits for a second look")
LOOK_IS_YOURS: Final = tr("released urgently, waits for you to look at it")
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
HELD_BY_ONE: Final = timedelta(days=7)  # for longer it takes two supervisors
HELD_LONG: Final = tr("Held until {day}: two supervisors have said so")
DISOWNED: Final = tr("Not its unit's: two of you choose another in the outbox")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report in a list."""

    id: str
    title: str
    subject: str
    detail: str  # where it stands; "" while it waits for anybody
    may_open: bool

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(line for line in (self.title, self.subject, self.detail) if line)


def to_review(cards: Iterable[ReportCard]) -> tuple[ReportRow, ...]:
    """Urgent ones first, then the oldest; held ones after, then those that are with their authors."""
    listed = [card for card in cards if card.state in _ORDER[1:] and not (card.mine and card.state is _ORDER[3])]
    listed += [card for card in cards if card.state not in _ORDER[1:] and (card.ask is not None or _is_disowned(card))]
    return tuple(_reviewed(card) for card in sorted(listed, key=_place))


def own_open(cards: Iterable[ReportCard]) -> tuple[ReportRow, ...]:
    """One's own: what came back first, then what was rejected, then drafts; last what two supervisors hold for long."""
    mine = [card for card in cards if card.mine]
    return tuple(
        [_row(card, tr("Came back with remarks"), True) for card in mine if card.state is ReportState.RETURNED]
        + [_row(card, _rejected(card), True) for card in mine if card.state is ReportState.REJECTED]
        + [_row(card, tr("Draft"), True) for card in mine if card.state is ReportState.DRAFT]
        + [_row(card, HELD_LONG.format(day=_day(card.held_until)), False) for card in mine if _is_held_long(card)]
    )


def ask_words(ask: ReviewAskCard) -> str:
    """What waits for a second supervisor, in a sentence."""
    mine, by = ask.mine, ask.by
    match ask.kind:
        case ReviewAskKind.REJECT:
            words = tr("You ask to reject it: {reason}.") if mine else tr("{name} asks to reject it: {reason}.")
            return words.format(name=by, reason=_reason(ask.reason))
        case ReviewAskKind.HOLD_LONGER:
            words = tr("You ask to hold it until {day}.") if mine else tr("{name} asks to hold it until {day}.")
            return words.format(name=by, day=_day(ask.until))
        case ReviewAskKind.URGENT_SENT:
            words = YOU_RELEASED if mine else THEY_RELEASED
            return words.format(name=by)
        case _ as never:
            assert_never(never)


def _place(card: ReportCard) -> tuple[object, ...]:
    order = _ORDER.index(card.state) if card.state in _ORDER else 0
    return order, card.lane is not Lane.URGENT, card.submitted_on or card.started_on, card.id


def _is_disowned(card: ReportCard) -> bool:
    return card.state is ReportState.NOT_OURS


def _reviewed(card: ReportCard) -> ReportRow:
    if _is_disowned(card) and card.ask is None:
        return _row(card, DISOWNED, False)
    if card.mine:
        return _row(card, OWN, False)
    if card.state is ReportState.RETURNED:
        return _row(card, tr("With its author"), False)
    said = [tr("Urgent")] if card.lane is Lane.URGENT and not _has_gone_urgently(card) else []
    if card.ask is not None and _has_gone_urgently(card):
        said.append(LOOK_WAITS if card.ask.mine else LOOK_IS_YOURS)
    elif card.ask is not None:
        said.append(tr("waits for a colleague") if card.ask.mine else tr("waits for you"))
    if card.state is ReportState.WITHDRAWN:
        said.append(tr("withdrawn since"))
    if card.state is ReportState.HELD:
        said.append(tr("held until {day}").format(day=_day(card.held_until)))
    if card.readers:
        said.append(tr("open: {names}").format(names=", ".join(card.readers)))
    words = ", ".join(said)
    return _row(card, words[:1].upper() + words[1:], True)


def _has_gone_urgently(card: ReportCard) -> bool:
    return card.ask is not None and card.ask.kind is ReviewAskKind.URGENT_SENT


def _is_held_long(card: ReportCard) -> bool:
    """Beyond what one supervisor may decide alone: its author is told."""
    if card.state is not ReportState.HELD or card.held_on is None or card.held_until is None:
        return False
    return card.held_until > card.held_on + HELD_BY_ONE


def _rejected(card: ReportCard) -> str:
    reason = _reason(card.rejected_because)
    return tr("Rejected: {reason}. Press to take it off the list.").format(reason=reason)


def _reason(reason: RejectReason | None) -> str:
    words = "" if reason is None else REJECT_REASONS[reason]
    return words[:1].lower() + words[1:]


def _day(day: date | None) -> str:
    return "" if day is None else day_words(day)


def _row(card: ReportCard, detail: str, may_open: bool) -> ReportRow:
    day = card.submitted_on or card.started_on
    title = f"{short_force_words(card.force_id)} · {day_words(day)}"
    named = card.mode is Mode.CONFIDENTIAL
    subject = tr("{subject}, with a name") if named else "{subject}"
    return ReportRow(card.id, title, subject.format(subject=CATEGORIES[card.category]), detail, may_open)
