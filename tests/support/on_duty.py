"""Somebody on duty and always in a call of their own: callers can wait, and nobody is offered a call by it."""

from datetime import datetime

from sqlalchemy import insert

from shared.domain.vocabulary import PresenceState
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import person, presence


def put_on_duty(store: Store, now: datetime) -> str:
    """Returns the person's id."""
    person_id = random_id()
    row = {
        "id": person_id, "name": f"Colleague {person_id[:8]}", "active": True, "handset": "+442079460199",
        "handset_trusted": False, "salt": b"s" * 16, "memory_kib": 1, "iterations": 1, "lanes": 1,
        "authentication_hash": b"h" * 32, "private_bundle": b"", "reader_public": b"", "verify_public": b"",
    }  # fmt: skip
    with store.begin() as tx:
        tx.execute(insert(person).values(row))
        tx.execute(insert(presence).values(person_id=person_id, state=PresenceState.ON_CALL, since=now))
    return person_id
