"""The audit log as it is written: who did what to which id, how it ended, by London day. No content, and never a time.

A day's page is a *set* of entries. A list would keep the order of things, and what was done to reports in order of
happening could be laid beside the day's calls by hour, which would join the two ledgers. So an entry has a random
salt and no number; the page's digest covers the sorted digests of its entries and the digest of the page before.
For the same reason there are no verbs for calls, for writing drafts or for submitting.

A checkpoint says what the log was at the end of a day: printed on the daily summary, or signed with a person's own key.
Reading the log and finding what was changed is `audit_verifier`'s, which shares nothing with this.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, Row, bindparam, delete, func, insert, select, text, update

from shared.sealing.canonical import canonical_json, framed
from shared.sealing.keys import SigningKey
from shared.store.schema import audit_checkpoint, audit_entry, audit_page

SALT_BYTES: Final = 16
BEFORE_THE_FIRST: Final = b"\0" * 32
_ENTRY: Final = b"candour/audit-entry/v1"
_PAGE: Final = b"candour/audit-page/v1"
_CHECKPOINT: Final = b"candour/audit-checkpoint/v1"
_LOCK: Final = 716352002
_PRINTED_DIGITS: Final = 32

_OF_DAY: Final[BindParameter[Any]] = bindparam("of_day")
_LAST_PAGE: Final = select(audit_page).order_by(audit_page.c.day.desc()).limit(1)
_ENTRIES: Final = select(audit_entry).where(audit_entry.c.day == _OF_DAY)
_DIGESTS: Final = select(audit_entry.c.entry_digest).where(audit_entry.c.day == _OF_DAY)
_PAGE_CHANGED: Final = update(audit_page).where(audit_page.c.day == _OF_DAY)


class AuditVerb(StrEnum):
    """What is audited. Values are never changed once released."""

    SIGN_IN = "sign_in"
    SIGN_OUT_OTHER = "sign_out.other"
    SET_UP_SECOND_FACTOR = "second_factor.set_up"
    CHANGE_PASSPHRASE = "passphrase.change"  # noqa: S105  # the name of a verb
    PROPOSE = "person.propose"
    CONFIRM = "person.confirm"
    WITHDRAW = "person.withdraw"
    INVITE = "person.invite"
    FIRST_KEYS = "person.first_keys"
    VOUCH = "person.vouch"
    TURN_AWAY = "person.turn_away"
    RETURN_REPORT = "report.return"
    RELEASE_REPORT = "report.release"
    HOLD_REPORT = "report.hold"
    TAKE_UP_REPORT = "report.take_up"
    REJECT_REPORT = "report.reject"
    ASK_SECOND = "report.ask_second"
    CONFIRM_SECOND = "report.confirm_second"
    DECLINE_SECOND = "report.decline_second"
    ANSWER_REPORT = "report.answer"
    ASK_TO_REROUTE = "report.reroute.ask"
    REROUTE_REPORT = "report.reroute"
    WITHDRAW_REPORT = "report.withdraw"
    WITHDRAW_CONSENT = "report.withdraw_consent"
    ASK_TO_RECOVER = "report.recover.ask"
    CONFIRM_RECOVERY = "report.recover.confirm"
    DECLINE_RECOVERY = "report.recover.decline"
    RECOVER_DRAFT = "report.recover"
    SEND_AGAIN = "delivery.send_again"
    ACCEPT_QUESTION = "question.accept"
    REJECT_QUESTION = "question.reject"
    CLOSE_LINE = "line.close"
    OPEN_LINE = "line.open"
    USUAL_HOURS = "line.usual_hours"
    CHECKPOINT = "audit.checkpoint"
    ENROL_PERSON = "person.enrol"
    ENROL_UNIT = "unit.enrol"
    REMOVE_UNIT = "unit.remove"
    PUBLISH_KEYS = "keys.publish"
    SUSPEND_KEY = "key.suspend"
    RESTORE_KEY = "key.restore"
    ROTATE_ROLE_KEY = "role_key.rotate"
    REWRAP_REPORTS = "role_key.rewrap"


class Outcome(StrEnum):
    """How an audited action ended."""

    DONE = "done"
    DONE_REWORDED = "done.reworded"
    DONE_BY_TWO = "done.by_two"
    LOCKED = "locked"
    NEW_KEYS = "new_keys"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the log was at the end of a London day. ``entries`` counts all until then; ``digest`` is the page's."""

    day: date
    entries: int
    digest: bytes

    def printed(self) -> str:
        """One line for paper: the day, how many entries, and the first 32 digits of the digest in groups of four."""
        digits = self.digest.hex()[:_PRINTED_DIGITS]
        groups = " ".join(digits[start : start + 4] for start in range(0, _PRINTED_DIGITS, 4))
        return f"{self.day.isoformat()} {self.entries} {groups}"

    def signed_bytes(self) -> bytes:
        """What a signature on it covers."""
        return framed(_CHECKPOINT, self.day.isoformat().encode(), str(self.entries).encode(), self.digest)


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint under a person's own signature (64 bytes); ``signer`` is the key's id."""

    point: Checkpoint
    signer: str
    signature: bytes

    def to_bytes(self) -> bytes:
        """Canonical JSON, to be kept where nobody who can write to the database can."""
        return canonical_json(
            {
                "candour": "audit-checkpoint/1",
                "day": self.point.day.isoformat(),
                "entries": self.point.entries,
                "digest": self.point.digest.hex(),
                "signer": self.signer,
                "signature": self.signature.hex(),
            }
        )


def record(
    tx: Connection,
    actor_id: str,
    verb: str,
    object_id: str | None,
    outcome: str,
    day: date,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> None:
    """Add an entry to the London day's page, in the action's own transaction and as its last statement.

    Where a later page exists already (midnight has just passed), the entry goes there: a page that another follows
    is closed. `actor_id` is a person's id, `command` or `courier`. Raises ValueDoesNotBelong for anything else.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    page = _open_page(tx, day)
    entry: dict[str, Any] = {
        "day": page.day,
        "salt": random(SALT_BYTES),
        "actor_id": actor_id,
        "verb": verb,
        "object_id": object_id,
        "outcome": outcome,
    }
    _write_anew(tx, page, entry | {"entry_digest": _entry_digest(**entry)})


def _open_page(tx: Connection, day: date) -> Row[Any]:
    last = tx.execute(_LAST_PAGE).one_or_none()
    if last is not None and last.day >= day:
        return last
    previous = BEFORE_THE_FIRST if last is None else last.digest
    empty = {"day": day, "entries": 0, "digest": _page_digest(previous, day, ()), "previous_digest": previous}
    tx.execute(insert(audit_page), empty)
    return tx.execute(select(audit_page).where(audit_page.c.day == day)).one()


def _write_anew(tx: Connection, page: Row[Any], entry: dict[str, Any]) -> None:
    if tx.dialect.name == "postgresql":
        # PostgreSQL keeps and dumps rows in the order they were written, so the whole page is written by digest.
        entries = [dict(row._mapping) for row in tx.execute(_ENTRIES, {"of_day": page.day})]
        entries = sorted([*entries, entry], key=lambda one: one["entry_digest"])
        tx.execute(delete(audit_entry).where(audit_entry.c.day == page.day))
        tx.execute(insert(audit_entry), entries)
        digests = [one["entry_digest"] for one in entries]
    else:  # SQLite keeps them by digest, whenever they were written
        tx.execute(insert(audit_entry), entry)
        digests = list(tx.execute(_DIGESTS, {"of_day": page.day}).scalars())
    digest = _page_digest(page.previous_digest, page.day, digests)
    tx.execute(_PAGE_CHANGED, {"of_day": page.day, "entries": len(digests), "digest": digest})


def last_closed(tx: Connection, today: date) -> Checkpoint | None:
    """The last page before the London day ``today``, to be kept elsewhere; None while there is none.

    The daily summary prints it: ``printed()`` is the line, and 'candour audit verify --printed' takes it back.
    """
    before = select(audit_page).where(audit_page.c.day < today)
    page = tx.execute(before.order_by(audit_page.c.day.desc()).limit(1)).one_or_none()
    if page is None:
        return None
    entries = tx.execute(select(func.sum(audit_page.c.entries)).where(audit_page.c.day <= page.day)).scalar_one()
    return Checkpoint(page.day, int(entries), page.digest)


def sign_checkpoint(tx: Connection, person_id: str, signing: SigningKey, today: date) -> SignedCheckpoint | None:
    """Sign all pages before ``today`` with a person's own key, and keep the signature beside them.

    The entry that says so opens today's page, so that nothing is added to those signed. None while there is no page
    before today.
    """
    record(tx, person_id, AuditVerb.CHECKPOINT, None, Outcome.DONE, today)
    point = last_closed(tx, today)
    if point is None:
        return None
    signed = SignedCheckpoint(point, signing.key_id, signing.sign(point.signed_bytes()))
    same = audit_checkpoint.c.day == point.day, audit_checkpoint.c.signer == signed.signer
    tx.execute(delete(audit_checkpoint).where(*same))
    row = {
        "day": point.day,
        "signer": signed.signer,
        "entries": point.entries,
        "digest": point.digest,
        "signature": signed.signature,
    }
    tx.execute(insert(audit_checkpoint), row)
    return signed


def _entry_digest(day: date, salt: bytes, actor_id: str, verb: str, object_id: str | None, outcome: str) -> bytes:
    written = canonical_json([day.isoformat(), actor_id, str(verb), object_id, str(outcome)])
    return hashlib.sha256(framed(_ENTRY, salt, written)).digest()


def _page_digest(previous: bytes, day: date, entry_digests: Sequence[bytes]) -> bytes:
    return hashlib.sha256(framed(_PAGE, previous, day.isoformat().encode(), *sorted(entry_digests))).digest()
