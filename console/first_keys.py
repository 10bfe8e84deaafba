"""The keys that a first sign-in makes, and their words; it knows no network and no widget, and belongs in a worker."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from shared.enrolment_messages import EnrolmentBegun, KeepFirstKeys, Waiting
from shared.sealing.canonical import NotCanonical, from_base64url, to_base64url
from shared.sealing.enrolling import person_words
from shared.sealing.errors import PassphraseWrong
from shared.sealing.keys import RandomBytes, ReaderKey, SigningKey
from shared.sealing.organisation import PrivateBundle, open_bundle, wrap_bundle
from shared.sealing.sign_in import Cost, DerivedKeys, derive, new_parameters


@dataclass(frozen=True, slots=True)
class FirstKeys:
    """What the service is told to keep, and the words of the keys as this computer works them out."""

    message: KeepFirstKeys = field(repr=False)
    words: tuple[str, ...]


def make_first_keys(
    name: str,
    proof: bytes,
    passphrase: str,
    begun: EnrolmentBegun,
    floor: Cost,
    random: RandomBytes = secrets.token_bytes,
) -> FirstKeys:
    """Fresh private keys under a passphrase; they leave only wrapped. The salt is this console's own.

    Raises PassphraseUnsuitable, ParametersMalformed, or ParametersTooWeak where the service asks for less than
    ``floor``.
    """
    parameters = new_parameters(Cost(begun.memory_kib, begun.iterations, begun.lanes), random)
    derived = derive(passphrase, parameters, floor)
    bundle = PrivateBundle(ReaderKey.generate(random), SigningKey.generate(random))
    message = KeepFirstKeys(
        name=name,
        proof=to_base64url(proof),
        salt=to_base64url(parameters.salt),
        memory_kib=parameters.memory_kib,
        iterations=parameters.iterations,
        lanes=parameters.lanes,
        authentication_key=to_base64url(derived.authentication),
        private_bundle=to_base64url(wrap_bundle(bundle, derived.wrapping, begun.person_id, random)),
        reader=to_base64url(bundle.reader.public.raw),
        verify=to_base64url(bundle.signing.public.raw),
    )
    return FirstKeys(message, person_words(begun.person_id, bundle.reader.public, bundle.signing.public))


def words_of_waiting(given: Waiting, derived: DerivedKeys) -> tuple[str, ...]:
    """The words of keys that wait to be confirmed, from the private ones: no service can make them up.

    Raises PassphraseWrong where they are not under this passphrase.
    """
    try:
        wrapped = from_base64url(given.private_bundle)
    except NotCanonical:
        raise PassphraseWrong from None
    bundle = open_bundle(wrapped, derived.wrapping, given.person_id)
    return person_words(given.person_id, bundle.reader.public, bundle.signing.public)
