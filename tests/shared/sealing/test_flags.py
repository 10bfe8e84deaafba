import pytest

from shared.domain.vocabulary import Circle
from shared.sealing.errors import SignatureWrong
from shared.sealing.flags import check_flags, sign_flags
from shared.sealing.keys import SigningKey

DIGEST = bytes(range(32))


def test_the_authors_flags_hold_for_one_envelope_and_as_they_were_set() -> None:
    author = SigningKey.generate()

    signature = sign_flags(DIGEST, Circle.THREE_TO_FIVE, True, author)

    check_flags(signature, DIGEST, Circle.THREE_TO_FIVE, True, author.public)
    for digest, circle, conflict, verify in (
        (bytes(32), Circle.THREE_TO_FIVE, True, author.public),
        (DIGEST, Circle.MORE, True, author.public),
        (DIGEST, Circle.THREE_TO_FIVE, False, author.public),
        (DIGEST, Circle.THREE_TO_FIVE, True, SigningKey.generate().public),
    ):
        with pytest.raises(SignatureWrong):
            check_flags(signature, digest, circle, conflict, verify)
