"""Counts faults over all processes, for the machine's figures. Where nobody asked for those, it counts nothing.

The counting is prometheus-client's, in files that all processes of one service share and that go when it stops.
"""

from __future__ import annotations

import os
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from prometheus_client import Counter

SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"  # prometheus-client reads it as it is imported


class Fault(StrEnum):
    """What is counted. The value is the counter's name, to which Prometheus adds _total; the words say what it is."""

    WEBHOOK_FAILED = "candour_webhooks_failed"
    WEBHOOK_REFUSED = "candour_webhooks_refused"
    ORDER_FAILED = "candour_orders_failed"


WORDS: Final = {
    Fault.WEBHOOK_FAILED: "Requests of Twilio's of which an exception of ours made an apology.",
    Fault.WEBHOOK_REFUSED: "Requests that Twilio did not sign.",
    Fault.ORDER_FAILED: "Orders to Twilio that could not be carried out.",
}


def count_fault(fault: Fault, n: int = 1) -> None:
    """Add ``n`` to a counter."""
    if SHARED_FOLDER in os.environ:
        _counter(fault).inc(n)


@cache
def _counter(fault: Fault) -> Counter:
    from prometheus_client import CollectorRegistry, Counter

    return Counter(fault.value, WORDS[fault], registry=CollectorRegistry())
