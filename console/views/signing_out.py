"""A button that signs somebody out everywhere, at the second press before it is left."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal

from console.translation import tr
from console.views.leaving import WhenLeft
from console.views.parts import rename
from console.views.pressing import PressButton

SIGN_OUT: Final = tr("Sign out everywhere now")
SURE: Final = tr("Press again to sign {name} out everywhere")


class SignOutButton(PressButton):
    """Emits `sure` with a person's id."""

    sure = Signal(str)

    def __init__(self, object_name: str) -> None:
        super().__init__(SIGN_OUT)
        self._person = self._name = ""
        self._armed = False
        self.setObjectName(object_name)
        self.setProperty("look", "danger")
        self.setAutoDefault(False)
        self.let_break()
        self.clicked.connect(lambda: self._press())
        WhenLeft(self, lambda: self._arm(False))
        self._arm(False)
        self.setEnabled(False)

    def choose(self, person_id: str, name: str) -> None:
        """Whom it is about; "" for nobody. Somebody else has to be asked about anew."""
        if person_id != self._person:
            self._person, self._name = person_id, name
            self._arm(False)
        self.setEnabled(bool(person_id))

    def _press(self) -> None:
        before = self._armed
        self._arm(not before)
        if before:
            self.sure.emit(self._person)

    def _arm(self, armed: bool) -> None:
        self._armed = armed
        words = SURE.format(name=self._name) if armed else SIGN_OUT
        rename(self, words)
        self.setAccessibleName(words)
