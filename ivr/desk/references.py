"""References for ringing again: given out, tried, withdrawn. The words themselves never come here."""

from ivr.desk.routing import Ask, Desk
from shared.domain.errors import ReferenceUnknown
from shared.domain.references import find_reference, give_reference, withdraw_reference
from shared.reference_messages import ReferenceProof
from shared.sealing.canonical import NotCanonical, from_base64url
from shared.sealing.references import LOCATOR_BYTES, PROOF_BYTES


def give(desk: Desk, ask: Ask) -> None:
    locator, proof = _parts(ask.body)
    with desk.store.begin() as tx:
        give_reference(tx, locator, proof, desk.clock())


def find(desk: Desk, ask: Ask) -> None:
    locator, proof = _parts(ask.body)
    with desk.store.begin() as tx:
        found = find_reference(tx, ask.person_id, locator, proof, desk.clock())
    if not found:
        raise ReferenceUnknown


def withdraw(desk: Desk, ask: Ask) -> None:
    locator, proof = _parts(ask.body)
    with desk.store.begin() as tx:
        withdraw_reference(tx, locator, proof)


def _parts(said: ReferenceProof) -> tuple[bytes, bytes]:
    try:
        locator, proof = from_base64url(said.locator), from_base64url(said.proof)
    except NotCanonical:
        raise ReferenceUnknown from None
    if (len(locator), len(proof)) != (LOCATOR_BYTES, PROOF_BYTES):
        raise ReferenceUnknown
    return locator, proof
