"""How well hints do on labelled sentences: each kind at each sentence is one answer, right or wrong."""

from collections import Counter
from dataclasses import dataclass

from shared.domain.vocabulary import Language
from shared.identity_hints import hints
from tests.shared.identity_hints.corpus import Sentence


@dataclass(frozen=True, slots=True)
class Score:
    """How many answers were right, given without need, and missing."""

    right: int
    needless: int
    missing: int

    @property
    def precision(self) -> float:
        """Of the hints given, how many a careful reader wants; from 0 to 1."""
        return self.right / (self.right + self.needless)

    @property
    def recall(self) -> float:
        """Of the hints a careful reader wants, how many are given; from 0 to 1."""
        return self.right / (self.right + self.missing)


def score(sentences: tuple[Sentence, ...], language: Language) -> Score:
    """The totals over all sentences."""
    counted: Counter[str] = Counter()
    for sentence in sentences:
        found = {hint.kind.value for hint in hints(sentence.text, language)}
        counted["right"] += len(found & sentence.kinds)
        counted["needless"] += len(found - sentence.kinds)
        counted["missing"] += len(sentence.kinds - found)
    return Score(counted["right"], counted["needless"], counted["missing"])
