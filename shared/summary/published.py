"""What counts as a call in everything that is published, inside the charity and outside: one definition of it.

The line's own measures are of what arrived, tests among it: the line answered those as well.
"""

from typing import Final

from shared.domain.vocabulary import Dimension, Disposition
from shared.summary.counts import Counts

CALLS_IN_WORDS: Final = (
    "calls that reached the line, each once, by the London day on which it came, without those whose handler said that "
    "they were a test. Calls for training, and the line's calls to itself, are in no count"
)


def tests(counts: Counts) -> int:
    """Answered calls whose handler said that they were a test. What was chosen in them is counted nowhere."""
    return counts.counts[Dimension.DISPOSITION][Disposition.TEST.value]


def published_calls(counts: Counts) -> int:
    return counts.total.arrived - tests(counts)
