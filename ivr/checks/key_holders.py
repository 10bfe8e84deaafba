"""Who holds the roles' keys: whether one person leaving, or one passphrase forgotten, would lose a key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from ivr.checks.finding import Finding
from shared.domain.key_holders import holders, without_the_key
from shared.domain.people import member
from shared.sealing.directory import RoleName

_ANOTHER: Final = (
    "With one passphrase, what is sealed to it would be lost. Take in another: 'candour person add'; or pass it on: "
    "'candour person change NAME'."
)
_GIVE_IT: Final = "'candour person change NAME', with a supervisor who holds it, passes it on."


def key_holders(tx: Connection) -> Iterator[Finding]:
    """Keys that one person alone holds, and people in a role who cannot use its key. Raises DirectoryMissing."""
    alone = [role for role in RoleName if len(holders(tx, role)) == 1]
    if alone:
        yield Finding("keys", f"only one person holds the key in use of: {', '.join(alone)}", _ANOTHER)
    for role in RoleName:
        behind = sorted(member(tx, one).particulars.name for one in without_the_key(tx, role))
        if behind and holders(tx, role):
            yield Finding("keys", f"without the {role} key in use: {', '.join(behind)}", _GIVE_IT)
