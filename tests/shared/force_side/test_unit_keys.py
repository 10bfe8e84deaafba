"""The unit's key file, under a passphrase."""

import pytest

from shared.force_side.refusals import KeysMalformed, PassphraseNeeded
from shared.force_side.unit_keys import keys_from_bytes, keys_to_bytes, needs_passphrase, new_unit_keys
from shared.sealing.errors import ParametersTooWeak, PassphraseWrong
from shared.sealing.sign_in import Cost

CHEAP = Cost(memory_kib=64, iterations=1, lanes=1)
PASSPHRASE = "fourteen signs at least"


def test_the_passphrase_gives_the_same_keys_back() -> None:
    keys = new_unit_keys("kent-acu")
    written = keys_to_bytes(keys, PASSPHRASE, CHEAP, CHEAP)

    read = keys_from_bytes(written, PASSPHRASE, CHEAP)

    assert needs_passphrase(written)
    assert (read.unit, read.reader.seed, read.answers.seed) == ("kent-acu", keys.reader.seed, keys.answers.seed)
    assert keys.reader.seed not in written


def test_another_passphrase_or_none_gives_nothing() -> None:
    written = keys_to_bytes(new_unit_keys("kent-acu"), PASSPHRASE, CHEAP, CHEAP)

    with pytest.raises(PassphraseWrong):
        keys_from_bytes(written, PASSPHRASE + ".", CHEAP)
    with pytest.raises(PassphraseNeeded):
        keys_from_bytes(written, None, CHEAP)


def test_a_key_file_cheap_to_guess_is_refused() -> None:
    written = keys_to_bytes(new_unit_keys("kent-acu"), PASSPHRASE, CHEAP, CHEAP)

    with pytest.raises(ParametersTooWeak):
        keys_from_bytes(written, PASSPHRASE)


def test_a_file_renamed_to_another_unit_does_not_open() -> None:
    written = keys_to_bytes(new_unit_keys("kent-acu"), PASSPHRASE, CHEAP, CHEAP)

    with pytest.raises(PassphraseWrong):
        keys_from_bytes(written.replace(b"kent-acu", b"kent-psd"), PASSPHRASE, CHEAP)


@pytest.mark.parametrize("written", [b"", b"{}", b"[]", b"\xff"])
def test_what_is_no_key_file_is_said_to_be_none(written: bytes) -> None:
    with pytest.raises(KeysMalformed):
        keys_from_bytes(written, None)
