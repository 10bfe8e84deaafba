"""The board as one person sees it, and how a change alters it. Pure: a snapshot and changes in, a board out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from shared.messages import Board, Change, Colleague, ReportCard, WaitingCall

Row = TypeVar("Row", WaitingCall, Colleague, ReportCard)


def altered(board: Board, change: Change) -> Board:
    """The board after one change. Rows keep their place; new ones come last."""
    update: dict[str, Any] = {
        "waiting": _merged(board.waiting, change.waiting, change.removed.get("waiting", ())),
        "colleagues": _merged(board.colleagues, change.colleagues, change.removed.get("colleagues", ())),
        "reports": _merged(board.reports, change.reports, change.removed.get("reports", ())),
    }
    if change.me is not None:
        update["me"] = change.me
    if change.my_call_gone:
        update["my_call"] = None
    elif change.my_call is not None:
        update["my_call"] = change.my_call
    if change.asked is not None or change.asked_gone:
        update["asked"] = change.asked
    if change.filed is not None:
        update["filed"] = change.filed
    if change.to_ask is not None:
        update["to_ask"] = change.to_ask
    return board.model_copy(update=update)


def _merged(rows: tuple[Row, ...], changed: Iterable[Row], removed: Iterable[str]) -> tuple[Row, ...]:
    by_id = {row.id: row for row in rows}
    by_id.update({row.id: row for row in changed})
    for gone in removed:
        by_id.pop(gone, None)
    return tuple(by_id.values())
