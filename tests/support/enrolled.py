"""People with roles, at a line of a test's own."""

from typing import Any

from sqlalchemy import insert

from shared.domain.vocabulary import Role
from shared.store.schema import person_role


def enrol(line: Any, name: str, *roles: Role, available: bool = True) -> str:
    person_id: str = line.available(name) if available else line.enrol(name)
    with line.store.begin() as tx:
        tx.execute(insert(person_role), [{"person_id": person_id, "role": role} for role in roles])
    return person_id
