from collections.abc import Callable

import pytest

from shared.sealing.errors import ParametersMalformed, ParametersTooWeak, PassphraseUnsuitable, PassphraseWrong
from shared.sealing.passphrase import passphrase_bytes
from shared.sealing.sign_in import (
    CEILING,
    CONSOLE_FLOOR,
    STANDARD_COST,
    Cost,
    SignInParameters,
    authentication_matches,
    derive,
    fake_parameters,
    hash_authentication,
    new_parameters,
    unwrap_private,
    wrap_private,
)

PASSPHRASE = "correct horse battery"
SECRET = bytes(32)


def test_one_passphrase_gives_two_keys_that_say_nothing_of_each_other(cheap: Cost) -> None:
    parameters = new_parameters(cheap)

    keys = derive(PASSPHRASE, parameters, floor=cheap)

    assert len(keys.authentication) == len(keys.wrapping) == 32
    assert keys.authentication != keys.wrapping
    assert derive(PASSPHRASE, parameters, floor=cheap) == keys


def test_another_passphrase_salt_or_cost_gives_other_keys(cheap: Cost) -> None:
    parameters = SignInParameters(bytes(16), 64, 1, 1)
    others = [
        derive(PASSPHRASE + "!", parameters, floor=cheap),
        derive(PASSPHRASE, SignInParameters(b"\1" * 16, 64, 1, 1), floor=cheap),
        derive(PASSPHRASE, SignInParameters(bytes(16), 65, 1, 1), floor=cheap),
        derive(PASSPHRASE, SignInParameters(bytes(16), 64, 2, 1), floor=cheap),
        derive(PASSPHRASE, SignInParameters(bytes(16), 64, 1, 2), floor=cheap),
    ]

    keys = [derive(PASSPHRASE, parameters, floor=cheap), *others]

    assert len({key.authentication for key in keys}) == len(keys)


def test_the_service_stores_a_hash_that_does_not_sign_anyone_in(cheap: Cost) -> None:
    keys = derive(PASSPHRASE, new_parameters(cheap), floor=cheap)
    stored = hash_authentication(keys.authentication)

    assert authentication_matches(keys.authentication, stored)
    assert not authentication_matches(stored, stored)
    assert not authentication_matches(keys.wrapping, stored)
    assert not authentication_matches(b"", stored)


@pytest.mark.parametrize(
    "weak",
    [Cost(65_535, 3, 1), Cost(65_536, 2, 1), Cost(1_048_576, 2, 8), Cost(8, 16, 1)],
)
def test_a_console_refuses_a_weaker_sign_in_than_its_floor(weak: Cost) -> None:
    with pytest.raises(ParametersTooWeak):
        derive(PASSPHRASE, new_parameters(weak))


def test_the_floor_and_the_standard_are_as_published() -> None:
    assert Cost(65_536, 3, 1) == CONSOLE_FLOOR
    assert STANDARD_COST.reaches(CONSOLE_FLOOR)
    assert CEILING.reaches(STANDARD_COST)


@pytest.mark.parametrize(
    ("salt", "memory_kib", "iterations", "lanes"),
    [
        (b"short", 65_536, 3, 1),
        (bytes(17), 65_536, 3, 1),
        (bytes(16), 0, 3, 1),
        (bytes(16), 15, 3, 2),
        (bytes(16), 65_536, 0, 1),
        (bytes(16), 65_536, 3, 0),
        (bytes(16), 65_536, -3, 1),
        (bytes(16), 1_048_577, 3, 1),
        (bytes(16), 65_536, 17, 1),
        (bytes(16), 65_536, 3, 9),
    ],
)
def test_impossible_or_hanging_parameters_are_refused(
    salt: bytes, memory_kib: int, iterations: int, lanes: int
) -> None:
    with pytest.raises(ParametersMalformed):
        SignInParameters(salt, memory_kib, iterations, lanes)


def test_an_unknown_name_gets_parameters_like_any_other_and_always_the_same() -> None:
    unknown = fake_parameters("nobody", SECRET)

    assert fake_parameters("nobody", SECRET) == unknown
    assert fake_parameters("no one", SECRET).salt != unknown.salt
    assert fake_parameters("nobody", b"\1" * 32).salt != unknown.salt
    assert unknown.cost == new_parameters().cost
    assert len(unknown.salt) == len(new_parameters().salt)
    assert fake_parameters("\ud800", SECRET).cost == STANDARD_COST


@pytest.mark.parametrize("passphrase", ["a" * 14, "a" * 128, "é" * 128, "e\u0301" * 128, "🙂" * 14, " " * 14])
def test_fourteen_to_a_hundred_and_twenty_eight_characters_make_a_passphrase(passphrase: str) -> None:
    assert passphrase_bytes(passphrase)


@pytest.mark.parametrize("passphrase", ["", "a" * 13, "a" * 129, "e\u0301" * 13, "a" * 10_000_000, "\ud800" * 20])
def test_anything_shorter_longer_or_unwritable_is_no_passphrase(passphrase: str) -> None:
    with pytest.raises(PassphraseUnsuitable):
        passphrase_bytes(passphrase)


def test_an_accent_typed_in_two_ways_is_one_passphrase() -> None:
    assert passphrase_bytes("caf\u00e9 on the corner") == passphrase_bytes("cafe\u0301 on the corner")


def test_private_keys_come_back_for_the_right_key_and_label_alone(seeded: Callable[[int], bytes]) -> None:
    key, private = seeded(32), seeded(128)
    wrapped = wrap_private(key, private, b"label")

    assert unwrap_private(key, wrapped, b"label") == private
    assert private not in wrapped
    for other_key, other_wrapped, label in (
        (seeded(32), wrapped, b"label"),
        (key, wrapped, b"other"),
        (key, wrapped[:-1], b"label"),
        (key, wrapped[:11], b"label"),
        (key, b"", b"label"),
    ):
        with pytest.raises(PassphraseWrong):
            unwrap_private(other_key, other_wrapped, label)
