"""A founded organisation for tests: root, directory, role keys, units and people, with a cheap passphrase cost."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import insert

from shared.domain import people
from shared.domain.vocabulary import Language, Role
from shared.sealing.directory import Directory, RoleName, Unit
from shared.sealing.keys import ReaderKey, SigningKey
from shared.sealing.organisation import (
    PersonKeys,
    PrivateBundle,
    RoleSecret,
    first_directory,
    new_person,
    new_role_key,
    open_bundle,
    role_wraps_for,
)
from shared.sealing.sign_in import Cost, derive, new_parameters
from shared.sealing.signed_directory import sign_directory, with_person, with_unit
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import instance

CHEAP = Cost(memory_kib=8, iterations=1, lanes=1)  # for tests: no console accepts it unless told to
FOUNDED = date(2026, 3, 1)
EXPIRES = FOUNDED + timedelta(days=365)

HANDLER = "Asha"
SECOND_HANDLER = "Bryn"
SUPERVISOR = "Morag"
BOTH = "Niamh"  # handler and supervisor
ADMINISTRATOR = "Owen"
AUDITOR = "Priya"

ROLES = {
    HANDLER: (Role.HANDLER,),
    SECOND_HANDLER: (Role.HANDLER,),
    SUPERVISOR: (Role.SUPERVISOR,),
    BOTH: (Role.HANDLER, Role.SUPERVISOR),
    ADMINISTRATOR: (Role.ADMINISTRATOR,),
    AUDITOR: (Role.AUDITOR,),
}
HANDSETS = {HANDLER: "+442079460101", SECOND_HANDLER: "+442079460102", BOTH: "sip:niamh@desk.example"}
KENT, KENT_ALTERNATE, ESSEX = "kent-psd", "regional-acu", "essex-psd"


@dataclass(frozen=True)
class Member:
    """Someone enrolled, with the private keys their console would hold."""

    name: str
    passphrase: str
    keys: PersonKeys
    authentication_key: bytes
    private: PrivateBundle

    @property
    def id(self) -> str:
        return self.keys.person_id


@dataclass(frozen=True)
class UnitSecrets:
    """A unit's entry in the directory and its private keys."""

    entry: Unit
    reader: ReaderKey
    answers: SigningKey


@dataclass
class Organisation:
    """Everything private about an organisation: what no one place holds in life."""

    root: SigningKey
    role_secrets: dict[RoleName, RoleSecret]
    directory: Directory
    members: dict[str, Member] = field(default_factory=dict)
    units: dict[str, UnitSecrets] = field(default_factory=dict)

    @property
    def supervisors(self) -> ReaderKey:
        return self.role_secrets[RoleName.SUPERVISORS].reader()

    @property
    def release(self) -> SigningKey:
        return self.role_secrets[RoleName.RELEASE].signing()

    def publish(self, store: Store, directory: Directory) -> None:
        """Sign a directory with the root and let the service have it."""
        self.directory = directory
        with store.begin() as tx:
            people.publish_directory(tx, directory.version, sign_directory(directory, self.root))


def found_organisation(store: Store) -> Organisation:
    """Handlers, supervisors and others; units for Kent (with an alternate) and Essex; the directory published."""
    secrets = {name: new_role_key(name, 1) for name in RoleName}
    directory = first_directory(tuple(secrets.values()), FOUNDED, EXPIRES)
    organisation = Organisation(SigningKey.generate(), secrets, directory)
    for name, roles in ROLES.items():
        organisation.members[name] = member = new_member(name, roles)
        directory = with_person(directory, member.keys.entry(), FOUNDED, EXPIRES)
    for unit in (new_unit(KENT_ALTERNATE, ("surrey",)), new_unit(ESSEX, ("essex",))):
        organisation.units[unit.entry.id] = unit
    organisation.units[KENT] = new_unit(KENT, ("kent",), alternate=KENT_ALTERNATE)
    for name in (KENT_ALTERNATE, KENT, ESSEX):  # an alternate is there before the unit that names it
        directory = with_unit(directory, organisation.units[name].entry, FOUNDED, EXPIRES)
    with store.begin() as tx:
        tx.execute(insert(instance), {"id": 1, "sign_in_secret": b"\7" * 32})
    for member in organisation.members.values():
        enrol(store, organisation, member)
    organisation.publish(store, directory)
    return organisation


def new_member(name: str, roles: tuple[Role, ...]) -> Member:
    """Someone with fresh keys and a passphrase, not yet enrolled."""
    passphrase = f"correct horse battery {name}"
    keys = new_person(random_id(), roles, passphrase, new_parameters(CHEAP), floor=CHEAP)
    derived = derive(passphrase, keys.parameters, floor=CHEAP)
    private = open_bundle(keys.private_bundle, derived.wrapping, keys.person_id)
    return Member(name, passphrase, keys, derived.authentication, private)


def enrol(store: Store, organisation: Organisation, member: Member) -> None:
    """Take a member into the store, with the role keys that their roles are given. They speak English."""
    wraps = role_wraps_for(member.keys.roles, member.keys.reader, tuple(organisation.role_secrets.values()))
    with store.begin() as tx:
        people.enrol(tx, member.keys, member.name, (Language.EN,), wraps, handset=HANDSETS.get(member.name))


def new_unit(
    unit_id: str, forces: tuple[str, ...], alternate: str | None = None, expires: date = EXPIRES
) -> UnitSecrets:
    """A unit with fresh keys."""
    reader, answers = ReaderKey.generate(), SigningKey.generate()
    entry = Unit(
        id=unit_id,
        name=unit_id.replace("-", " ").title(),
        forces=forces,
        reader=reader.public,
        answers=answers.public,
        expires=expires,
        alternate=alternate,
    )
    return UnitSecrets(entry, reader, answers)
