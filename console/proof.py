"""Whether a passphrase is that of whoever is signed in: what an idle lock asks. It keeps no passphrase and no key."""

from __future__ import annotations

from dataclasses import dataclass, field

from shared.sealing.errors import PassphraseUnsuitable, PassphraseWrong
from shared.sealing.organisation import open_bundle
from shared.sealing.sign_in import Cost, SignInParameters, derive


@dataclass(frozen=True, slots=True)
class Proof:
    """A person's private keys as the service keeps them, wrapped: the right passphrase opens them."""

    person_id: str
    parameters: SignInParameters = field(repr=False)
    private_bundle: bytes = field(repr=False)

    def is_given_by(self, passphrase: str, floor: Cost) -> bool:
        """Takes as long as signing in; belongs in a worker."""
        try:
            derived = derive(passphrase, self.parameters, floor)
            open_bundle(self.private_bundle, derived.wrapping, self.person_id)
        except (PassphraseUnsuitable, PassphraseWrong):
            return False
        return True
