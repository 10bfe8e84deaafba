"""How well identity hints do on labelled sentences, those fitted to and those held out, and how long they take."""

from __future__ import annotations

from time import thread_time
from typing import Final

from shared.domain.vocabulary import Language
from shared.identity_hints import hints
from tests.bench.figures import Compared, Effort, FigureBelow, Measure, Row, Unit, compared, in_turn
from tests.shared.identity_hints.corpus import Part, sentences
from tests.shared.identity_hints.scoring import score

LONG: Final = 4_000
SHORT: Final = 400


def _identity_hints(effort: Effort) -> tuple[Compared, ...]:
    held_out = score(sentences(Part.HELD_OUT, Language.EN), Language.EN)
    tuned = score(sentences(Part.TUNED, Language.EN), Language.EN)
    return (
        _percent(held_out.precision, tuned.precision),
        _percent(held_out.recall, tuned.recall),
        _time_taken(effort),
    )


def _percent(held_out: float, tuned: float) -> Compared:
    return Compared(held_out * 100, tuned * 100, held_out / tuned)


def _time_taken(effort: Effort) -> Compared:
    text = " ".join(sentence.text for sentence in sentences(Part.TUNED, Language.EN))
    texts = {"long": text[:LONG], "short": text[:SHORT]}
    hints(text, Language.EN)  # patterns are compiled once

    def timed(length: str) -> float:
        begun = thread_time()
        for _ in range(effort.repeats):
            hints(texts[length], Language.EN)
        return (thread_time() - begun) * 1000 / effort.repeats

    found = in_turn({"long": lambda: timed("long"), "short": lambda: timed("short")}, effort.rounds)
    return compared(found["long"], found["short"])


IDENTITY_HINTS: Final = Measure(
    "hints",
    (
        Row("hints_precision", "hints wanted of those given, held out", "fitted to", Unit.PERCENT),
        Row("hints_recall", "hints given of those wanted, held out", "fitted to", Unit.PERCENT),
        Row("hints_time", "hints in 4,000 characters, processor time", "in 400", Unit.MILLISECONDS, FigureBelow(10)),
    ),
    _identity_hints,
)
