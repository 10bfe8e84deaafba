"""Who is signed in, or how far signing in has come; it knows no passphrase and no key."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from console.actions import actions_for
from console.translation import tr
from shared.domain.vocabulary import Language, Role

if TYPE_CHECKING:  # the sign-in screen stands before the messages are loaded
    from shared.messages import PersonCard
    from shared.people_messages import SecondFactorSecret


class SessionState(StrEnum):
    """How far it has come."""

    SIGNED_OUT = "signed_out"
    ASKING = "asking"  # waiting for the service
    DERIVING = "deriving"  # making keys from the passphrase
    CODE = "code"  # waiting for the authenticator's code
    FIRST = "first"  # a first sign-in: words and a new passphrase are asked for
    WAITING = "waiting"  # one's own keys are made, and two administrators are to confirm them
    SIGNED_IN = "signed_in"


STATE_WORDS = {
    SessionState.SIGNED_OUT: "",
    SessionState.ASKING: tr("Asking the service…"),
    SessionState.DERIVING: tr("Making your keys from the passphrase. This takes a moment by design."),
    SessionState.CODE: "",
    SessionState.FIRST: "",
    SessionState.WAITING: "",
    SessionState.SIGNED_IN: "",
}


class SessionModel(QObject):
    """Emits `changed` whenever anything here did."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.state = SessionState.SIGNED_OUT
        self.person: PersonCard | None = None
        self.problem = ""
        self.second_factor: SecondFactorSecret | None = None  # while one is being set up, and shown for it
        self.is_first = False  # keys are being made for a first sign-in
        self.words_of_keys: tuple[str, ...] = ()  # of one's own, while they wait to be confirmed

    @property
    def actions(self) -> frozenset[str]:
        """The ids of what whoever is signed in may do; of what anybody may while nobody is."""
        return actions_for(() if self.person is None else self.person.roles)

    def allows(self, action_id: str) -> bool:
        """Whether it is among them."""
        return action_id in self.actions

    @property
    def is_supervisor(self) -> bool:
        return self.person is not None and Role.SUPERVISOR in self.person.roles

    @property
    def takes_calls(self) -> bool:
        return self.person is not None and Role.HANDLER in self.person.roles

    @property
    def speaks(self) -> tuple[Language, ...]:
        """The languages that calls are taken in; all of them for whoever only sees them wait."""
        return tuple(Language) if self.person is None or not self.takes_calls else self.person.languages

    @property
    def words(self) -> str:
        """What to say under the form: the problem, or what is going on."""
        return self.problem or STATE_WORDS[self.state]

    def go_on(self, state: SessionState) -> None:
        """Another step of signing in."""
        self._set(state, None, "")

    def ask_code(self, problem: str = "", setting_up: SecondFactorSecret | None = None) -> None:
        """A code is needed; `setting_up` is the new second factor to show, kept until signing in is over."""
        self.second_factor = setting_up or self.second_factor
        self._set(SessionState.CODE, None, problem)

    def first(self, problem: str = "") -> None:
        """A first sign-in: words and a passphrase are needed."""
        self.is_first = True
        self._set(SessionState.FIRST, None, problem)

    def wait(self, words_of_keys: tuple[str, ...]) -> None:
        """The keys are made and kept; these are their words."""
        self.is_first, self.words_of_keys = False, words_of_keys
        self._set(SessionState.WAITING, None, "")

    def sign_in(self, person: PersonCard) -> None:
        """Signing in is done."""
        self._set(SessionState.SIGNED_IN, person, "")

    def sign_out(self, problem: str = "") -> None:
        """Nobody is signed in; `problem` says why in words, if it was not asked for."""
        self._set(SessionState.SIGNED_OUT, None, problem)

    def _set(self, state: SessionState, person: PersonCard | None, problem: str) -> None:
        if state in (SessionState.SIGNED_IN, SessionState.SIGNED_OUT):
            self.second_factor, self.is_first, self.words_of_keys = None, False, ()
        self.state, self.person, self.problem = state, person, problem
        self.changed.emit()
