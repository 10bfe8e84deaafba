"""What signing in gives back, opened and checked: a person's own keys, and those they share with their role."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from console.keyring import Keys, bytes_in
from console.translation import tr
from shared.messages import RoleWrap, SignedIn
from shared.sealing.directory import Directory, RoleName
from shared.sealing.errors import RoleWrapWrong, SealingError, UnknownPerson
from shared.sealing.organisation import PrivateBundle, RoleSecret, open_bundle
from shared.sealing.role_wraps import open_role_wrap
from shared.sealing.sign_in import DerivedKeys
from shared.sealing.signed_directory import verify_directory
from shared.sealing.verify_key import VerifyKey

_READING: Final = (RoleName.SUPERVISORS, RoleName.DESK)


class KeysNotInDirectory(SealingError):
    words = tr("Your keys are not the ones in the organisation's directory. An administrator can help.")


def open_keys(signed_in: SignedIn, derived: DerivedKeys, root: VerifyKey, highest_seen: Callable[[], int]) -> Keys:
    """Everything signing in gives back, opened and checked. Raises a SealingError.

    An expired directory still opens: it blocks release, never drafting.
    """
    directory = verify_directory(bytes_in(signed_in.directory), root, highest_seen(), today=None)
    own = open_bundle(bytes_in(signed_in.private_bundle), derived.wrapping, signed_in.person.id)
    return keys_of(signed_in.person.id, own, signed_in.role_wraps, directory, frozenset(signed_in.suspended))


def keys_of(
    person_id: str,
    own: PrivateBundle,
    role_wraps: Sequence[RoleWrap],
    directory: Directory,
    suspended: frozenset[str] = frozenset(),
) -> Keys:
    """A person's keys from their own private ones and what is wrapped to them. Raises a SealingError.

    One's own may be suspended: drafting goes on, for a list of the service's own stops no report from being written.
    """
    try:
        listed = directory.person(person_id)
    except UnknownPerson:
        raise KeysNotInDirectory from None
    if listed.reader != own.reader.public or listed.verify != own.signing.public:
        raise KeysNotInDirectory
    held = [_role_secret(wrap, own) for wrap in role_wraps]
    present = {secret.role: secret for secret in held if _is_current(secret, directory)}
    earlier = tuple(secret.reader() for secret in held if _is_earlier(secret, directory))
    return Keys(person_id, own, present, directory, earlier, suspended)


def _role_secret(wrap: RoleWrap, own: PrivateBundle) -> RoleSecret:
    try:
        role = RoleName(wrap.role)
    except ValueError:
        raise RoleWrapWrong from None
    return RoleSecret(role, wrap.version, open_role_wrap(bytes_in(wrap.wrap), role, wrap.version, own.reader))


def _is_earlier(secret: RoleSecret, directory: Directory) -> bool:
    return secret.role in _READING and secret.version < directory.role_key(secret.role).version


def _is_current(secret: RoleSecret, directory: Directory) -> bool:
    if secret.role is RoleName.RELEASE:
        return secret.signing().public == directory.release.verify
    return secret.reader().public == directory.role_key(secret.role).reader
