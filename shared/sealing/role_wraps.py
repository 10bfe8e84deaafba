"""A role's private key, wrapped to one member of the role; it does not know who belongs to a role."""

from __future__ import annotations

from typing import Final

from shared.sealing.canonical import framed
from shared.sealing.directory import RoleName
from shared.sealing.errors import RoleWrapWrong
from shared.sealing.keys import ReaderKey, ReaderPublicKey, WrapNotOpened

_LABEL: Final = b"candour/role-key/v1"


def wrap_role_key(role: RoleName, version: int, seed: bytes, member: ReaderPublicKey) -> bytes:
    """A role's private seed, readable by ``member`` alone, for this role and version alone."""
    return member.wrap(seed, _bound_to(role, version, member.key_id))


def open_role_wrap(wrapped: bytes, role: RoleName, version: int, member: ReaderKey) -> bytes:
    """The role's private seed. Raises RoleWrapWrong: another member, role or version, or altered bytes."""
    try:
        return member.unwrap(wrapped, _bound_to(role, version, member.key_id))
    except WrapNotOpened:
        raise RoleWrapWrong from None


def _bound_to(role: RoleName, version: int, member_key_id: str) -> bytes:
    return framed(_LABEL, role.value.encode(), str(version).encode(), member_key_id.encode())
