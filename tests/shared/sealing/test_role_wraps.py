import pytest

from shared.sealing.directory import RoleName
from shared.sealing.errors import RoleWrapWrong
from shared.sealing.keys import ReaderKey
from shared.sealing.role_wraps import open_role_wrap, wrap_role_key


def test_a_member_reads_the_role_key_wrapped_for_them() -> None:
    role, member = ReaderKey.generate(), ReaderKey.generate()

    wrapped = wrap_role_key(RoleName.SUPERVISORS, 1, role.seed, member.public)

    assert ReaderKey(open_role_wrap(wrapped, RoleName.SUPERVISORS, 1, member)).public == role.public


def test_a_role_wrap_holds_for_one_member_role_and_version() -> None:
    role, member, other = ReaderKey.generate(), ReaderKey.generate(), ReaderKey.generate()
    wrapped = wrap_role_key(RoleName.SUPERVISORS, 1, role.seed, member.public)

    for name, version, reader, bytes_ in (
        (RoleName.DESK, 1, member, wrapped),
        (RoleName.SUPERVISORS, 2, member, wrapped),
        (RoleName.SUPERVISORS, 1, other, wrapped),
        (RoleName.SUPERVISORS, 1, member, wrapped[:-1]),
        (RoleName.SUPERVISORS, 1, member, b""),
    ):
        with pytest.raises(RoleWrapWrong):
            open_role_wrap(bytes_, name, version, reader)
