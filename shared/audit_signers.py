"""Whose signature on a checkpoint of the audit log counts: everyone's who is, or was, in a directory of keys."""

from __future__ import annotations

from sqlalchemy import Connection, select

from shared.sealing.errors import SealingError
from shared.sealing.signed_directory import read_unverified, verify_directory
from shared.sealing.verify_key import VerifyKey
from shared.store.schema import directory


def signers(tx: Connection, root: VerifyKey | None = None) -> dict[str, bytes]:
    """Public keys (32 bytes) by id. With ``root``, only directories that it signed are believed."""
    found: dict[str, bytes] = {}
    for document in tx.execute(select(directory.c.document)).scalars():
        try:
            keys = read_unverified(document) if root is None else verify_directory(document, root, 0, None)
        except SealingError:
            continue
        found |= {person.verify.key_id: person.verify.raw for person in keys.people}
    return found
