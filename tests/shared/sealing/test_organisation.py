from datetime import date

import pytest

from shared.domain.vocabulary import Role
from shared.sealing.canonical import framed
from shared.sealing.directory import RoleName
from shared.sealing.envelope import seal
from shared.sealing.errors import KeyMalformed, ParametersTooWeak, PassphraseUnsuitable, PassphraseWrong
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import READER_SEED_BYTES, ReaderKey, SigningKey
from shared.sealing.organisation import (
    ROLE_KEYS,
    PersonKeys,
    RoleSecret,
    first_directory,
    new_person,
    new_role_key,
    open_bundle,
    role_wraps_for,
)
from shared.sealing.role_wraps import open_role_wrap
from shared.sealing.sign_in import Cost, authentication_matches, derive, new_parameters, wrap_private
from shared.sealing.signed_directory import with_person
from tests.shared.sealing.conftest import Parties

PERSON_ID = "ab" * 16
PASSPHRASE = "correct horse battery"
DAY, LAST_DAY = date(2026, 3, 1), date(2027, 2, 28)


@pytest.fixture
def supervisor(cheap: Cost) -> PersonKeys:
    return new_person(PERSON_ID, (Role.SUPERVISOR,), PASSPHRASE, new_parameters(cheap), floor=cheap)


def test_a_person_signs_in_with_nothing_but_a_passphrase(supervisor: PersonKeys, cheap: Cost) -> None:
    derived = derive(PASSPHRASE, supervisor.parameters, floor=cheap)

    bundle = open_bundle(supervisor.private_bundle, derived.wrapping, PERSON_ID)

    assert authentication_matches(derived.authentication, supervisor.authentication_hash)
    assert bundle.reader.public == supervisor.reader
    assert bundle.signing.public == supervisor.verify


def test_nothing_the_service_is_given_opens_the_bundle(supervisor: PersonKeys, cheap: Cost) -> None:
    derived = derive(PASSPHRASE, supervisor.parameters, floor=cheap)

    for key in (derived.authentication, supervisor.authentication_hash, bytes(32)):
        with pytest.raises(PassphraseWrong):
            open_bundle(supervisor.private_bundle, key, PERSON_ID)


def test_one_persons_bundle_is_not_taken_for_anothers(supervisor: PersonKeys, cheap: Cost) -> None:
    derived = derive(PASSPHRASE, supervisor.parameters, floor=cheap)

    with pytest.raises(PassphraseWrong):
        open_bundle(supervisor.private_bundle, derived.wrapping, "cd" * 16)


def test_a_bundle_of_another_length_is_refused() -> None:
    label = framed(b"candour/private-bundle/v1", PERSON_ID.encode())
    short = wrap_private(bytes(32), bytes(READER_SEED_BYTES), label)

    with pytest.raises(PassphraseWrong):
        open_bundle(short, bytes(32), PERSON_ID)


def test_no_person_is_made_with_a_weak_passphrase_or_a_weak_cost(cheap: Cost) -> None:
    with pytest.raises(PassphraseUnsuitable):
        new_person(PERSON_ID, (Role.HANDLER,), "too short", new_parameters(cheap), floor=cheap)
    with pytest.raises(ParametersTooWeak):
        new_person(PERSON_ID, (Role.HANDLER,), PASSPHRASE, new_parameters(cheap))


def test_the_release_key_signs_and_the_other_role_keys_read() -> None:
    for role in RoleName:
        secret = new_role_key(role, 1)

        assert isinstance(secret.signing() if role is RoleName.RELEASE else secret.reader(), SigningKey | ReaderKey)
    with pytest.raises(KeyMalformed):
        new_role_key(RoleName.RELEASE, 1).reader()
    with pytest.raises(KeyMalformed):
        new_role_key(RoleName.DESK, 1).signing()


@pytest.mark.parametrize("role", Role)
def test_each_role_is_given_its_keys_and_no_other(role: Role, role_secrets: tuple[RoleSecret, ...]) -> None:
    member = ReaderKey.generate()
    seeds = {(secret.role, secret.version): secret.seed for secret in role_secrets}

    wraps = role_wraps_for((role,), member.public, role_secrets)

    assert {name for name, _ in wraps} == set(ROLE_KEYS[role])
    for (name, version), wrap in wraps.items():
        assert open_role_wrap(wrap, name, version, member) == seeds[name, version]


def test_administrators_and_auditors_are_given_nothing_to_read_with() -> None:
    assert ROLE_KEYS[Role.ADMINISTRATOR] == ROLE_KEYS[Role.AUDITOR] == ()
    assert RoleName.SUPERVISORS not in ROLE_KEYS[Role.HANDLER]
    assert RoleName.RELEASE not in ROLE_KEYS[Role.HANDLER]


def test_the_first_directory_holds_the_public_role_keys_and_nobody(role_secrets: tuple[RoleSecret, ...]) -> None:
    directory = first_directory(role_secrets, DAY, LAST_DAY)

    assert directory.version == 1
    assert {key.role for key in directory.roles} == {RoleName.SUPERVISORS, RoleName.DESK}
    assert directory.people == directory.units == ()


def test_a_new_person_has_a_place_in_the_directory(
    supervisor: PersonKeys, role_secrets: tuple[RoleSecret, ...]
) -> None:
    directory = with_person(first_directory(role_secrets, DAY, LAST_DAY), supervisor.entry(), DAY, LAST_DAY)

    person = directory.person(PERSON_ID)

    assert (person.reader, person.verify, person.roles) == (supervisor.reader, supervisor.verify, (Role.SUPERVISOR,))


def test_the_root_opens_nothing(parties: Parties) -> None:
    header = new_header(EnvelopeKind.DRAFT, "report", 1)
    envelope = seal(b"words", header, [parties.author.public], None)

    with pytest.raises(KeyMalformed):
        ReaderKey(parties.root.seed)  # it signs: there is no reader key in it
    assert parties.root.key_id not in envelope.wraps
