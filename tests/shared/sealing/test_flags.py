from dataclasses import replace

import pytest

from shared.domain.vocabulary import Circle
from shared.sealing.errors import SignatureWrong
from shared.sealing.flags import AuthorFlags, check_flags, sign_flags
from shared.sealing.keys import SigningKey

DIGEST = bytes(range(32))


def test_the_authors_flags_hold_for_one_envelope_and_as_they_were_set() -> None:
    author = SigningKey.generate()

    flags = AuthorFlags(Circle.THREE_TO_FIVE, conflict=True, agreed=True)
    signature = sign_flags(DIGEST, flags, author)

    check_flags(signature, DIGEST, flags, author.public)
    for digest, different, verify in (
        (bytes(32), flags, author.public),
        (DIGEST, replace(flags, circle=Circle.MORE), author.public),
        (DIGEST, replace(flags, conflict=False), author.public),
        (DIGEST, replace(flags, agreed=False), author.public),
        (DIGEST, replace(flags, urgent=True), author.public),
        (DIGEST, flags, SigningKey.generate().public),
    ):
        with pytest.raises(SignatureWrong):
            check_flags(signature, digest, different, verify)
