"""Keys, envelopes and an organisation for the sealing tests; cheap sign-in is asked for by name, never switched on."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest

from shared.sealing.directory import Directory, RoleName, Unit
from shared.sealing.envelope import Envelope, seal
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import ReaderKey, SigningKey
from shared.sealing.organisation import RoleSecret, first_directory, new_role_key
from shared.sealing.sign_in import Cost
from shared.sealing.signed_directory import with_unit

ISSUED, EXPIRES = date(2026, 3, 1), date(2027, 2, 28)


@dataclass(frozen=True)
class Parties:
    """Those who have keys in these tests."""

    author: ReaderKey
    supervisors: ReaderKey
    unit: ReaderKey
    stranger: ReaderKey
    release: SigningKey
    answers: SigningKey
    root: SigningKey


@pytest.fixture(scope="session")
def parties() -> Parties:
    readers = [ReaderKey.generate() for _ in range(4)]
    signers = [SigningKey.generate() for _ in range(3)]
    return Parties(*readers, *signers)


@pytest.fixture
def report(parties: Parties) -> Callable[[bytes], Envelope]:
    """Seals a released report to the unit and the supervisors."""

    def sealed(content: bytes) -> Envelope:
        header = new_header(EnvelopeKind.REPORT, "report", 1, unit="kent-psd")
        return seal(content, header, [parties.unit.public, parties.supervisors.public], parties.release)

    return sealed


@pytest.fixture
def cheap() -> Cost:
    """A sign-in cost far below any console's floor."""
    return Cost(memory_kib=8, iterations=1, lanes=1)


@pytest.fixture
def seeded() -> Callable[[int], bytes]:
    """Randomness that is the same in every run."""
    return random.Random(7).randbytes


@pytest.fixture(scope="session")
def role_secrets() -> tuple[RoleSecret, ...]:
    return tuple(new_role_key(role, 1) for role in RoleName)


@pytest.fixture
def kent(parties: Parties) -> Unit:
    return Unit(
        id="kent-psd",
        name="Kent Professional Standards",
        forces=("kent",),
        reader=parties.unit.public,
        answers=parties.answers.public,
        expires=date(2026, 12, 31),
        alternate=None,
    )


@pytest.fixture
def directory(role_secrets: tuple[RoleSecret, ...], kent: Unit) -> Directory:
    """Version 2: the roles, the release key and Kent's unit."""
    return with_unit(first_directory(role_secrets, ISSUED, EXPIRES), kent, ISSUED, EXPIRES)
