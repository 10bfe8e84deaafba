"""What a caller heard read back, beside what would leave now: the answer is yes only while their words are one."""

from __future__ import annotations

from typing import Final

from console.translation import tr
from shared.forms.aloud import Said, written_in
from shared.forms.form import NO, YES

READ_BACK: Final = "read_back"  # the question
CHANGED_SINCE: Final = tr(
    "Something that leaves has changed since it was read back, so this says no. Read it again, then say yes; where the "
    "caller has gone, choose no yourself."
)


class Heard:
    """Nothing, until somebody says that it was read back."""

    def __init__(self) -> None:
        self._said: tuple[Said, ...] | None = None

    @property
    def anything(self) -> bool:
        return self._said is not None

    def hear(self, answer: object, now: tuple[Said, ...] | None) -> None:
        """The answer was given, or has been all along: with yes, this is what was heard."""
        self._said = written_in(now or ()) if answer == YES else None

    def differs(self, now: tuple[Said, ...] | None) -> bool:
        """Whether something else than what was heard would leave."""
        return self._said is not None and self._said != written_in(now or ())

    def answer(self, now: tuple[Said, ...] | None) -> str:
        """What is true of what would leave now, where anything was heard."""
        return NO if self.differs(now) else YES
