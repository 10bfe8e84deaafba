"""A role's key made anew when somebody leaves: given to those who stay, and what is in review re-wrapped to it.

The service opens none of it: wraps are made by a member of the role and only kept here. A draft is sealed to the new
key at its author's next save. What was released keeps its wrap, which is withheld from everyone until two ask to
re-route; so an earlier key stays with its members until nothing is sealed to it any more.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from shared import audit
from shared.domain.key_changes import published_directory
from shared.domain.live_calls import one_at_a_time
from shared.domain.people import current_directory, directories
from shared.domain.sealed import kept_envelope
from shared.domain.vocabulary import EnvelopeStage, Role
from shared.domain.waiting_keys import RoleKeyWaits, give_up, members_of, roles_waiting
from shared.sealing.directory import Directory, RoleName
from shared.sealing.envelope import WRAP_BYTES, Envelope
from shared.sealing.envelope_file import envelope_from_bytes
from shared.sealing.errors import KeyMalformed, SealingError, UnknownRoleKey
from shared.sealing.keys import ReaderPublicKey
from shared.sealing.organisation import ROLE_KEYS
from shared.sealing.signed_directory import read_unverified
from shared.sealing.verify_key import VerifyKey
from shared.store.schema import directory, envelope, question, role_wrap, waiting_role_key, wrap

# No session is longer than twelve hours: by then every console has the directory that names the new key.
_CONSOLES_KNOW_AFTER: Final = timedelta(days=2)
_READERS: Final = (RoleName.SUPERVISORS, RoleName.DESK)


class MembersMissing(SealingError):
    words = "The new key has to be given to everyone in the role, and to nobody else."


class PresentKeyNotHeld(SealingError):
    words = (
        "This person's copy of the key in use is missing, or of another key: nothing was sealed to it, and what is "
        "there stays as it was. 'candour check' says whether anybody holds it."
    )


class NothingToRewrap(SealingError):
    words = "This report is not one that is still sealed to the earlier key."


def version_in_use(tx: Connection, role: RoleName) -> int:
    """Raises UnknownRoleKey."""
    return _version(published_directory(tx), role)


def renew(
    tx: Connection,
    by: str,
    role: RoleName,
    public: ReaderPublicKey | VerifyKey,
    wraps: Mapping[str, bytes],
    today: date,
    *,
    instead: bool = False,
) -> int:
    """Keep the next version of a role's key, given to each of its members; it waits for the root's signature.

    One that waits already may be on its way to the root: it is given up only for this one ``instead``. Returns the
    version. Raises MembersMissing, RoleKeyWaits, UnknownRoleKey or KeyMalformed.
    """
    one_at_a_time(tx)  # nobody comes or goes meanwhile
    if set(wraps) != set(members_of(tx, role)):
        raise MembersMissing
    if isinstance(public, VerifyKey) is not (role is RoleName.RELEASE):
        raise KeyMalformed
    if role in roles_waiting(tx) and not instead:
        raise RoleKeyWaits
    version = version_in_use(tx, role) + 1
    give_up(tx, role, version)
    waiting = {"role": role.value, "version": version, "public": public.raw, "asked_on": today}
    tx.execute(insert(waiting_role_key), waiting)
    given = [
        {"role": role.value, "version": version, "person_id": member, "wrap": one} for member, one in wraps.items()
    ]
    tx.execute(insert(role_wrap), given)
    audit.record(tx, by, audit.AuditVerb.ROTATE_ROLE_KEY, role.value, audit.Outcome.DONE, today)
    return version


def known_to_leavers(tx: Connection) -> tuple[RoleName, ...]:
    """Role keys in use that somebody held who is not in the role now: they may have copied them.

    Who was given a key is read from the directories there were while it was in use. Raises DirectoryMissing.
    """
    known = tuple(directories(tx))
    return tuple(role for role in RoleName if _had(known, role) - members_of(tx, role).keys())


def _had(known: Sequence[Directory], role: RoleName) -> set[str]:
    """Who was in the role while its present key was in use, by id."""
    present = _version(known[-1], role)
    holding = {held for held in Role if role in ROLE_KEYS[held]}
    while_it_was = [one for one in known if _version(one, role) == present]
    return {person.id for one in while_it_was for person in one.people if holding & set(person.roles)}


def _version(keys: Directory, role: RoleName) -> int:
    return keys.release.version if role is RoleName.RELEASE else keys.role_key(role).version


def still_wrapped_to_earlier(tx: Connection, role: RoleName) -> list[Envelope]:
    """Reports in review that are sealed to an earlier key of this role, each with that wrap alone."""
    earlier = set(earlier_key_ids(tx, role).values())
    found = select(envelope.c.report_id, wrap.c.key_id).join(wrap, wrap.c.envelope_id == envelope.c.id)
    rows = tx.execute(found.where(envelope.c.stage == EnvelopeStage.REVIEW, wrap.c.key_id.in_(earlier))).all()
    kept = ((kept_envelope(tx, row.report_id, EnvelopeStage.REVIEW), row.key_id) for row in rows)
    return [one.only_wrap(key_id) for one, key_id in kept if one is not None]


def take_rewrapped(
    tx: Connection, by: str, role: RoleName, wraps: Mapping[str, bytes], holds: Container[str], today: date
) -> None:
    """Put new wraps, by envelope id, in place of those to earlier keys; two days on, forget keys nothing is sealed to.

    ``holds`` are the ids of the keys that this member has opened: without the present one no earlier wrap goes. Raises
    PresentKeyNotHeld; NothingToRewrap, for a wrap of the wrong length too; UnknownRoleKey.
    """
    present = check_present_is_held(tx, role, holds)
    waiting = {one.about.envelope_id: one for one in still_wrapped_to_earlier(tx, role)}
    for envelope_id, new in wraps.items():
        if envelope_id not in waiting or len(new) != WRAP_BYTES:
            raise NothingToRewrap
        (earlier,) = waiting[envelope_id].wraps
        tx.execute(delete(wrap).where(wrap.c.envelope_id == envelope_id, wrap.c.key_id == earlier))
        tx.execute(insert(wrap), {"envelope_id": envelope_id, "key_id": present, "wrap": new})
    forget_unused(tx, role, today)
    if wraps:
        audit.record(tx, by, audit.AuditVerb.REWRAP_REPORTS, role.value, audit.Outcome.DONE, today)


def check_present_is_held(tx: Connection, role: RoleName, holds: Container[str]) -> str:
    """The id of a role's key in use, where it is among those a member has opened. Raises PresentKeyNotHeld."""
    present = published_directory(tx).role_key(role).reader.key_id
    if present not in holds:
        raise PresentKeyNotHeld
    return present


def supervisors_key_among(tx: Connection, key_ids: Container[str], known: Directory | None = None) -> str:
    """Under which supervisors' key something is sealed for them; the present one where it is not at all.

    A console that was signed in while the key was made anew still seals to the one before. That counts while the
    members hold it: nobody's draft is refused for it. ``known`` is the directory where it was read already.
    """
    return role_key_among(tx, RoleName.SUPERVISORS, key_ids, known)


def role_key_among(tx: Connection, role: RoleName, key_ids: Container[str], known: Directory | None = None) -> str:
    """As supervisors_key_among, of any role that reads. Raises UnknownRoleKey."""
    present = (known or current_directory(tx)).role_key(role).reader.key_id
    if present in key_ids:
        return present
    held = tx.execute(select(role_wrap.c.version).where(role_wrap.c.role == role.value)).scalars()
    earlier = earlier_key_ids(tx, role)
    still = (earlier[version] for version in sorted(set(held)) if version in earlier)
    return next((key_id for key_id in still if key_id in key_ids), present)


def forget_unused(tx: Connection, role: RoleName, today: date) -> None:
    """Delete the members' copies of earlier keys to which nothing is sealed, and nothing can be by an open console."""
    if today < published_directory(tx).issued + _CONSOLES_KNOW_AFTER:
        return
    for version, key_id in earlier_key_ids(tx, role).items():
        if not _is_used(tx, key_id):
            tx.execute(delete(role_wrap).where(role_wrap.c.role == role.value, role_wrap.c.version == version))


def _is_used(tx: Connection, key_id: str) -> bool:
    """Whether a report's envelope, or a unit's question that is not over, is sealed to this key."""
    if tx.execute(select(wrap.c.key_id).where(wrap.c.key_id == key_id).limit(1)).first() is not None:
        return True
    questions = tx.execute(select(question.c.sealed).where(question.c.sealed.is_not(None))).scalars()
    return any(key_id in envelope_from_bytes(sealed).wraps for sealed in questions)


def earlier_key_ids(tx: Connection, role: RoleName) -> dict[int, str]:
    """By version, from every directory there was: the key ids this role had before its present one."""
    if role not in _READERS:
        raise UnknownRoleKey
    keys = [read_unverified(document).role_key(role) for document in tx.execute(select(directory.c.document)).scalars()]
    present = max(key.version for key in keys)
    return {key.version: key.reader.key_id for key in keys if key.version < present}
