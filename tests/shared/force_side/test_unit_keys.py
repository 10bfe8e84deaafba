"""The unit's key file, under a passphrase."""

import pytest

from shared.force_side.refusals import KeysMalformed, PassphraseNeeded
from shared.force_side.unit_keys import (
    keys_from_bytes,
    keys_to_bytes,
    needs_passphrase,
    new_unit_keys,
    unit_keys_from_paper,
)
from shared.sealing.errors import ParametersTooWeak, PassphraseWrong
from shared.sealing.sign_in import Cost
from shared.sealing.words import WordsWrong

CHEAP = Cost(memory_kib=64, iterations=1, lanes=1)
PASSPHRASE = "fourteen signs at least"


def test_the_passphrase_gives_the_same_keys_back() -> None:
    keys = new_unit_keys("kent-acu")
    written = keys_to_bytes(keys, PASSPHRASE, CHEAP, CHEAP)

    read = keys_from_bytes(written, PASSPHRASE, CHEAP)

    assert needs_passphrase(written)
    assert (read.unit, read.reader.seed, read.answers.seed) == ("kent-acu", keys.reader.seed, keys.answers.seed)
    assert keys.reader.seed not in written


def test_the_words_on_paper_make_the_same_keys_again_for_the_same_unit_alone() -> None:
    keys = keys_from_bytes(keys_to_bytes(new_unit_keys("kent-acu"), PASSPHRASE, CHEAP, CHEAP), PASSPHRASE, CHEAP)

    again = unit_keys_from_paper("kent-acu", " ".join(keys.on_paper()))

    assert (again.reader.seed, again.answers.seed) == (keys.reader.seed, keys.answers.seed)
    assert unit_keys_from_paper("kent-psd", " ".join(keys.on_paper())).reader.seed != keys.reader.seed
    assert len(keys.on_paper()) == 34


def test_words_copied_wrongly_make_no_keys() -> None:
    words = list(new_unit_keys("kent-acu").on_paper())
    words[0], words[1] = words[1], words[0]

    with pytest.raises(WordsWrong):
        unit_keys_from_paper("kent-acu", " ".join(words) + " acorn")


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
