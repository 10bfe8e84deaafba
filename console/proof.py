"""What is left of whoever is signed in while the desk is locked: wrapped keys, which the passphrase opens.

It keeps no passphrase and no private key.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from console.keyring import Keys
from console.opened_keys import keys_of
from shared.messages import RoleWrap
from shared.sealing.directory import Directory
from shared.sealing.errors import PassphraseUnsuitable, PassphraseWrong
from shared.sealing.organisation import open_bundle
from shared.sealing.sign_in import Cost, SignInParameters, derive


@dataclass(frozen=True, slots=True)
class Proof:
    """A person's private keys as the service keeps them, wrapped, and the directory that was checked at sign-in."""

    person_id: str
    parameters: SignInParameters = field(repr=False)
    private_bundle: bytes = field(repr=False)
    role_wraps: tuple[RoleWrap, ...] = field(repr=False)
    directory: Directory = field(repr=False)
    suspended: frozenset[str] = frozenset()

    def opened_by(self, passphrase: str, floor: Cost) -> Keys | None:
        """The keys; None for another passphrase. Takes as long as signing in; belongs in a worker."""
        try:
            derived = derive(passphrase, self.parameters, floor)
            own = open_bundle(self.private_bundle, derived.wrapping, self.person_id)
        except (PassphraseUnsuitable, PassphraseWrong):
            return None
        return keys_of(self.person_id, own, self.role_wraps, self.directory, self.suspended)
