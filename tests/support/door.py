"""Where people sign in, for tests: an organisation, a clock, and a key shown at the door."""

from dataclasses import dataclass
from typing import Any

from shared.domain import sessions, signing_in
from shared.domain.errors import SignedOut
from shared.domain.second_factor import SecondFactorKey, code_at
from shared.domain.sessions import NewSession
from shared.domain.signing_in import Presented
from shared.store.database import Store
from tests.support.organisation import HANDLER, Member, Organisation

KEY = SecondFactorKey(b"\5" * 32)
WRONG = b"\1" * 32


@dataclass
class Door:
    """The door. `factor` is None where no code is asked for."""

    store: Store
    organisation: Organisation
    clock: Any
    factor: SecondFactorKey | None = None

    @property
    def member(self) -> Member:
        return self.organisation.members[HANDLER]

    def try_key(self, key: bytes, name: str = HANDLER, code: str = "") -> NewSession | None:
        with self.store.begin() as tx:
            return signing_in.sign_in(tx, Presented(name, key, code), self.clock(), self.factor)

    def sign_in(self, name: str = HANDLER, code: str = "") -> NewSession:
        begun = self.try_key(self.organisation.members[name].authentication_key, name, code)
        assert begun is not None
        return begun

    def set_up(self, key: bytes | None = None, name: str = HANDLER) -> str | None:
        assert self.factor is not None
        shown = Presented(name, self.member.authentication_key if key is None else key)
        with self.store.begin() as tx:
            return signing_in.set_up_second_factor(tx, shown, self.clock(), self.factor)

    def code(self, secret: str, steps: int = 0) -> str:
        """The code so many half minutes from now."""
        return code_at(secret, self.clock().fromtimestamp(self.clock().timestamp() + 30 * steps, self.clock().tzinfo))

    def is_in(self, begun: NewSession, token: str | None = None) -> bool:
        with self.store.read() as tx:
            try:
                sessions.session_of(tx, token or begun.token, self.clock())
            except SignedOut:
                return False
            return True
