"""The code of the moment, drawn: a field for it, and the new second factor while one is being set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import column, text_label
from console.views.parts import widget as holder
from console.views.sheet import press
from console.views.square_code import SquareCode
from console.views.wrapping import wrapped

if TYPE_CHECKING:  # the sign-in screen stands before the messages are loaded
    from shared.people_messages import SecondFactorSecret

CODE_LENGTH = 7  # six digits, and the space that many write between them
HOW_TO = tr("Read this square with an authenticator, or type the letters and digits into it. They are shown this once.")


class SecondFactorView(QWidget):
    """Emits `given` with the code, `set_up` and `again`."""

    given = Signal(str)
    set_up = Signal()
    again = Signal()

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._square = SquareCode(
            "sign_in.square", tr("The new second factor as a square code; it is written out below")
        )
        self._secret = text_label("", "strong", "", "sign_in.secret", wrap=False)
        self._code = QLineEdit()
        self._code.setObjectName("sign_in.code")
        self._code.setAccessibleName(tr("Code from your authenticator, six digits"))
        self._code.setMaxLength(CODE_LENGTH)
        self._code.returnPressed.connect(self.give)
        self._none_yet = press("sign_in.none_yet", tr("I have no authenticator yet"), "quiet", by_enter=True)
        self._start_again = press("sign_in.again", tr("Start again"), "quiet", by_enter=True)
        self._none_yet.clicked.connect(lambda: self.set_up.emit())
        self._start_again.clicked.connect(lambda: self.again.emit())
        self._lay_out(tokens)
        self.show_second_factor(None)

    def _lay_out(self, tokens: Tokens) -> None:
        new = column(tokens.tight)
        how = text_label(HOW_TO)
        how.setMinimumHeight(tokens.body * 4)  # a label that wraps asks for too little inside another layout
        new.addWidget(how)
        new.addWidget(self._square)
        new.addWidget(self._secret)
        self._new = holder(new)
        whole = column(tokens.tight)
        whole.addWidget(self._new)
        whole.addWidget(text_label(tr("Code from your authenticator"), "strong"))
        whole.addWidget(self._code)
        whole.addWidget(wrapped((self._none_yet, self._start_again), tokens.tight, last_right=True))
        self.setLayout(whole)

    def show_second_factor(self, new: SecondFactorSecret | None) -> None:
        """The one to set up, or None where there is one already."""
        self._new.setVisible(new is not None)
        self._none_yet.setVisible(new is None)
        self._square.say("" if new is None else new.address)
        secret = "" if new is None else new.secret
        groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        self._secret.setText("\n".join((" ".join(groups[:4]), " ".join(groups[4:]))).strip())

    def take_focus(self) -> None:
        self._code.setFocus()

    def give(self) -> None:
        """Hand the code on; it leaves the field."""
        code = self._code.text()
        self._code.setText("")  # `clear` could be undone
        self.given.emit(code)
