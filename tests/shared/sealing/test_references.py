"""A reference's words, stretched: the same for the same words and organisation, and three values that stand apart."""

from shared.sealing.keys import SigningKey
from shared.sealing.references import (
    LOCATOR_BYTES,
    PROOF_BYTES,
    REFERENCE_COST,
    derive_reference,
    hash_proof,
    proof_matches,
)
from shared.sealing.sign_in import CONSOLE_FLOOR
from tests.support.organisation import CHEAP

ROOT, OTHER_ROOT = SigningKey.generate().public, SigningKey.generate().public
WORDS = ("apple", "bridge", "candle", "dragon", "eagle")


def test_the_same_words_come_to_the_same_reference() -> None:
    assert derive_reference(WORDS, ROOT, CHEAP) == derive_reference(WORDS, ROOT, CHEAP)


def test_other_words_another_order_or_another_organisation_come_to_another() -> None:
    ours = derive_reference(WORDS, ROOT, CHEAP)

    others = [
        derive_reference(WORDS[::-1], ROOT, CHEAP),
        derive_reference((*WORDS[:4], "early"), ROOT, CHEAP),
        derive_reference(WORDS, OTHER_ROOT, CHEAP),
    ]

    for other in others:
        assert {ours.locator, ours.proof, ours.mark}.isdisjoint({other.locator, other.proof, other.mark})


def test_its_parts_have_their_lengths_and_share_nothing() -> None:
    reference = derive_reference(WORDS, ROOT, CHEAP)

    assert (len(reference.locator), len(reference.proof)) == (LOCATOR_BYTES, PROOF_BYTES)
    assert reference.locator not in reference.proof
    assert len(reference.mark) == 9 and reference.mark[4] == "-"


def test_its_words_and_values_are_not_shown_by_accident() -> None:
    reference = derive_reference(WORDS, ROOT, CHEAP)

    assert repr(reference) == "Reference()"


def test_a_guess_costs_at_least_what_a_guess_at_a_passphrase_does() -> None:
    assert REFERENCE_COST.reaches(CONSOLE_FLOOR)


def test_a_stored_hash_is_met_by_its_proof_alone() -> None:
    assert proof_matches(b"p" * 32, hash_proof(b"p" * 32))
    assert not proof_matches(b"q" * 32, hash_proof(b"p" * 32))
