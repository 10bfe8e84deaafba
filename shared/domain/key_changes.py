"""What the next directory of keys is to say, until the root has signed it; and keys suspended meanwhile.

People are as the store has them, where two administrators changed them; units as two people vouched for them. The root
may be on another machine: this only gathers what it is asked to sign, and takes in what it signed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Final

from pydantic import ValidationError
from sqlalchemy import Connection, delete, insert, select

from shared import audit
from shared.domain.live_calls import one_at_a_time
from shared.domain.people import publish_directory, signed_directory
from shared.domain.vocabulary import Role
from shared.domain.waiting_keys import check_new_keys_are_held
from shared.sealing.canonical import canonical_json
from shared.sealing.directory import Directory, Person, ReleaseKey, RoleKey, RoleName, Unit
from shared.sealing.errors import DirectoryMalformed, SealingError
from shared.sealing.keys import ReaderPublicKey
from shared.sealing.signed_directory import next_version, read_unverified, verify_directory
from shared.sealing.verify_key import VerifyKey
from shared.store.schema import person, person_role, suspended_key, waiting_role_key, waiting_unit

VALID_FOR: Final = timedelta(days=365)
COMMAND: Final = "command"


class TwoAdministratorsNeeded(SealingError):
    words = "Two different administrators have to vouch for this. Name both: --administrator NAME, twice."


class OneMoreAdministratorNeeded(TwoAdministratorsNeeded):
    words = "One more administrator has to vouch for this, one whom it is not about: --administrator NAME."


class NotThatKey(SealingError):
    words = "No person and no unit has this key. A role's key is not suspended but made anew."


class NotTheNext(SealingError):
    words = "This directory is not newer than the one in use, or not the one that was asked for."


def published_directory(tx: Connection) -> Directory:
    """The directory as signed, suspended keys and all. Raises DirectoryMissing."""
    return read_unverified(signed_directory(tx))


def check_vouched(tx: Connection, vouchers: Collection[str], besides: str | None = None) -> None:
    """Once there are two administrators, two have to vouch; before, whoever keeps the root is enough.

    ``besides``: a newcomer, who does not count among them yet. Raises TwoAdministratorsNeeded.
    """
    administrators = _administrators(tx) - {besides}
    if len(administrators) >= 2:
        _see_that_enough_vouch(vouchers, administrators, 2)


def check_two_agree(tx: Connection, vouchers: Collection[str], about: str) -> None:
    """As check_vouched, for what would be given to somebody who is here already: never by themselves.

    About one of only two administrators the other one is enough, or nothing could be done about them. Raises
    TwoAdministratorsNeeded.
    """
    administrators = _administrators(tx)
    others = administrators - {about}
    if len(administrators) >= 2:
        _see_that_enough_vouch(vouchers, others, min(2, len(others)))


def _administrators(tx: Connection) -> set[str]:
    query = select(person.c.id).join(person_role).where(person_role.c.role == Role.ADMINISTRATOR, person.c.active)
    return set(tx.execute(query).scalars())


def _see_that_enough_vouch(vouchers: Collection[str], among: Collection[str], needed: int) -> None:
    agreed = len(set(vouchers) & set(among))
    if agreed < needed:
        raise OneMoreAdministratorNeeded if needed - agreed == 1 else TwoAdministratorsNeeded


def vouch_for_person(tx: Connection, person_id: str, vouchers: Collection[str], today: date) -> None:
    """Note who vouched for somebody new. Raises TwoAdministratorsNeeded."""
    check_vouched(tx, set(vouchers) - {person_id}, besides=person_id)
    _audit(tx, audit.AuditVerb.ENROL_PERSON, person_id, vouchers, today)


# --- units ------------------------------------------------------------------------------------------------------------


def ask_for_unit(tx: Connection, unit: Unit, vouchers: Collection[str], today: date) -> None:
    """Let a unit wait for the next directory, whatever waited for it before. Raises TwoAdministratorsNeeded."""
    check_vouched(tx, vouchers)
    _let_wait(tx, unit.id, canonical_json(unit.model_dump(mode="json")), today)
    _audit(tx, audit.AuditVerb.ENROL_UNIT, unit.id, vouchers, today)


def ask_to_remove_unit(tx: Connection, unit_id: str, vouchers: Collection[str], today: date) -> None:
    """Let the next directory be without this unit. Raises UnknownUnit or TwoAdministratorsNeeded."""
    check_vouched(tx, vouchers)
    published_directory(tx).unit(unit_id)
    _let_wait(tx, unit_id, None, today)
    _audit(tx, audit.AuditVerb.REMOVE_UNIT, unit_id, vouchers, today)


def _let_wait(tx: Connection, unit_id: str, entry: bytes | None, today: date) -> None:
    tx.execute(delete(waiting_unit).where(waiting_unit.c.unit_id == unit_id))
    tx.execute(insert(waiting_unit), {"unit_id": unit_id, "entry": entry, "asked_on": today})


def _audit(tx: Connection, verb: audit.AuditVerb, about: str, vouchers: Iterable[str], today: date) -> None:
    for voucher in sorted(set(vouchers)) or [COMMAND]:
        audit.record(tx, voucher, verb, about, audit.Outcome.DONE, today)


# --- the next directory -----------------------------------------------------------------------------------------------


def proposed_directory(tx: Connection, today: date) -> Directory:
    """The next version: people as they are now, units and role keys that wait; good for a year.

    Raises DirectoryMissing, or DirectoryMalformed where what waits contradicts itself.
    """
    current = published_directory(tx)
    units = {unit.id: unit for unit in current.units}
    for row in tx.execute(select(waiting_unit).order_by(waiting_unit.c.unit_id)):
        if row.entry is None:
            units.pop(row.unit_id, None)
        else:
            units[row.unit_id] = _unit(row.entry)
    change = {"people": _people(tx, current), "units": tuple(units.values()), **_keys(tx, current)}
    return next_version(current, change, today, today + VALID_FOR)


def _unit(entry: bytes) -> Unit:
    try:
        return Unit.model_validate_json(entry)
    except ValidationError:
        raise DirectoryMalformed from None


def _people(tx: Connection, current: Directory) -> tuple[Person, ...]:
    """Those in the directory in their places, then the new ones by id: its order tells nothing."""
    held: dict[str, list[Role]] = {}
    for person_id, role in tx.execute(select(person_role)):
        held.setdefault(person_id, []).append(role)
    rows = tx.execute(select(person).where(person.c.active).order_by(person.c.id)).all()
    now = {
        row.id: Person(
            id=row.id,
            roles=tuple(role for role in Role if role in held.get(row.id, ())),
            reader=ReaderPublicKey(row.reader_public),
            verify=VerifyKey(row.verify_public),
        )
        for row in rows
        if held.get(row.id)
    }
    places = {entry.id: place for place, entry in enumerate(current.people)}
    return tuple(sorted(now.values(), key=lambda one: (places.get(one.id, len(places)), one.id)))


def _keys(tx: Connection, current: Directory) -> dict[str, object]:
    roles = {key.role: key for key in current.roles}
    change: dict[str, object] = {}
    for row in tx.execute(select(waiting_role_key)):
        role = RoleName(row.role)
        if role is RoleName.RELEASE:
            change["release"] = ReleaseKey(version=row.version, verify=VerifyKey(row.public))
            change["earlier_releases"] = (current.release, *current.earlier_releases)
        else:
            roles[role] = RoleKey(role=role, version=row.version, reader=ReaderPublicKey(row.public))
    return change | {"roles": tuple(roles.values())}


def waiting(tx: Connection) -> list[str]:
    """What waits for the root's signature, in a word each: units, roles' keys, and how many people differ."""
    units = sorted(tx.execute(select(waiting_unit.c.unit_id)).scalars())
    roles = [f"the {role} key" for role in sorted(tx.execute(select(waiting_role_key.c.role)).scalars())]
    current = published_directory(tx)
    differ = _comparable(current.people) ^ _comparable(_people(tx, current))
    people = len({person_id for person_id, *_ in differ})
    return units + roles + ([f"{people} {'person' if people == 1 else 'people'}"] if people else [])


def _comparable(people: Iterable[Person]) -> set[tuple[str, frozenset[Role], str]]:
    return {(one.id, frozenset(one.roles), one.reader.key_id) for one in people}


def take_signed(tx: Connection, document: bytes, root: VerifyKey, today: date) -> Directory:
    """Put a newly signed directory into use; what it says waits no more.

    A role's key that is new in it has to wait here, with everyone in the role holding it: what is sealed to any other
    could be opened by nobody. Raises NotTheNext, RoleKeyNotHeld, DirectoryMissing, or what verify_directory raises.
    """
    one_at_a_time(tx)  # nobody comes or goes meanwhile
    signed, current = verify_directory(document, root, highest_seen=0, today=today), published_directory(tx)
    if signed.version != current.version + 1:
        raise NotTheNext
    check_new_keys_are_held(tx, current, signed)
    publish_directory(tx, signed.version, document)
    _forget_what_waited(tx, signed)
    audit.record(tx, COMMAND, audit.AuditVerb.PUBLISH_KEYS, str(signed.version), audit.Outcome.DONE, today)
    return signed


def _forget_what_waited(tx: Connection, signed: Directory) -> None:
    units = {unit.id: canonical_json(unit.model_dump(mode="json")) for unit in signed.units}
    for row in tx.execute(select(waiting_unit)).all():
        if units.get(row.unit_id) == row.entry:
            tx.execute(delete(waiting_unit).where(waiting_unit.c.unit_id == row.unit_id))
    keys = {key.reader.raw for key in signed.roles} | {signed.release.verify.raw}
    for row in tx.execute(select(waiting_role_key)).all():
        if row.public in keys:
            tx.execute(delete(waiting_role_key).where(waiting_role_key.c.role == row.role))


# --- suspended meanwhile ----------------------------------------------------------------------------------------------


def suspend_key(tx: Connection, key_id: str, vouchers: Collection[str], today: date) -> None:
    """Take a person's or a unit's key out of use at once; one voucher is enough, for it only takes away.

    Raises NotThatKey.
    """
    keys = published_directory(tx)
    known = {entry.reader.key_id for entry in keys.people}
    known |= {reader_id for unit in keys.units for reader_id in unit.reader_ids}
    if key_id not in known:
        raise NotThatKey
    tx.execute(delete(suspended_key).where(suspended_key.c.key_id == key_id))
    tx.execute(insert(suspended_key), {"key_id": key_id, "suspended_on": today})
    _audit(tx, audit.AuditVerb.SUSPEND_KEY, key_id, vouchers, today)


def lift_suspension(tx: Connection, key_id: str, vouchers: Collection[str], today: date) -> None:
    """Let a suspended key be used again. Raises NotThatKey or TwoAdministratorsNeeded."""
    check_vouched(tx, vouchers)
    if tx.execute(delete(suspended_key).where(suspended_key.c.key_id == key_id)).rowcount != 1:
        raise NotThatKey
    _audit(tx, audit.AuditVerb.RESTORE_KEY, key_id, vouchers, today)
