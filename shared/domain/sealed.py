"""Sealed envelopes as the service keeps them, and what each stage's envelope must be; it can open none of them.

A report has one envelope at a time and, beside it, at most one with a confidential caller's contact details.
"""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from shared.domain.errors import EnvelopeRefused
from shared.domain.vocabulary import EnvelopeStage
from shared.sealing.directory import Directory
from shared.sealing.envelope import Envelope, check_signature
from shared.sealing.errors import SignatureWrong
from shared.sealing.header import EnvelopeKind
from shared.store.schema import envelope as envelope_table
from shared.store.schema import wrap as wrap_table

_ALL_BUT_CONTACT: Final = delete(envelope_table).where(
    envelope_table.c.report_id == bindparam("of_report"), envelope_table.c.stage != EnvelopeStage.CONTACT
)


def check_unsigned(envelope: Envelope, kind: EnvelopeKind, form: str, readers: Collection[str]) -> None:
    """A draft or a review: of this form, for exactly these key ids, signed by nobody. Raises EnvelopeRefused."""
    _check_shape(envelope, kind, form, readers)
    if envelope.signature is not None:
        raise EnvelopeRefused


def check_released(envelope: Envelope, unit_id: str, form: str, readers: Collection[str], keys: Directory) -> None:
    """A report for a unit: exactly these readers, signed with the release key in force. Raises EnvelopeRefused."""
    _check_shape(envelope, EnvelopeKind.REPORT, form, readers)
    if envelope.about.unit != unit_id:
        raise EnvelopeRefused
    try:
        check_signature(envelope, keys.release.verify)
    except SignatureWrong:
        raise EnvelopeRefused from None


def _check_shape(envelope: Envelope, kind: EnvelopeKind, form: str, readers: Collection[str]) -> None:
    header = envelope.about
    named = f"{header.form_id}.v{header.form_version}"
    if header.kind is not kind or named != form or set(envelope.wraps) != set(readers):
        raise EnvelopeRefused


def keep_only(tx: Connection, report_id: str, stage: EnvelopeStage, envelope: Envelope) -> None:
    """Keep this envelope for the report and delete every other it had, contact details apart, with their wraps.

    Raises EnvelopeRefused if its id is taken: an id belongs to one envelope of one report for ever.
    """
    tx.execute(_ALL_BUT_CONTACT, {"of_report": report_id})
    _keep(tx, report_id, stage, envelope)


def keep_released(tx: Connection, report_id: str, envelope: Envelope) -> None:
    """As keep_only, for a released envelope that is known to be new."""
    tx.execute(_ALL_BUT_CONTACT, {"of_report": report_id})
    _write(tx, report_id, EnvelopeStage.RELEASED, envelope)


def keep_none(tx: Connection, report_id: str) -> None:
    """Delete every envelope of a report that has gone nowhere, with its wraps."""
    tx.execute(delete(envelope_table).where(envelope_table.c.report_id == report_id))


def keep_notices_alone(tx: Connection, report_id: str) -> None:
    """Delete every envelope of a withdrawn report but the notices that say so."""
    of_report = envelope_table.c.report_id == report_id, envelope_table.c.stage != EnvelopeStage.WITHDRAWAL
    tx.execute(delete(envelope_table).where(*of_report))


def keep_contact(tx: Connection, report_id: str, contact: Envelope | None) -> None:
    """Keep these contact details, or none, in place of any there were. Raises EnvelopeRefused if the id is taken."""
    stored = envelope_table.c.report_id == report_id, envelope_table.c.stage == EnvelopeStage.CONTACT
    tx.execute(delete(envelope_table).where(*stored))
    if contact is not None:
        _keep(tx, report_id, EnvelopeStage.CONTACT, contact)


def keep_beside(tx: Connection, report_id: str, stage: EnvelopeStage, envelope: Envelope) -> None:
    """Keep this envelope beside those the report has. Raises EnvelopeRefused if its id is taken."""
    _keep(tx, report_id, stage, envelope)


def _keep(tx: Connection, report_id: str, stage: EnvelopeStage, envelope: Envelope) -> None:
    if not is_new(tx, envelope):
        raise EnvelopeRefused
    _write(tx, report_id, stage, envelope)


def _write(tx: Connection, report_id: str, stage: EnvelopeStage, envelope: Envelope) -> None:
    envelope_id = envelope.about.envelope_id
    tx.execute(
        insert(envelope_table),
        {
            "id": envelope_id,
            "report_id": report_id,
            "stage": stage,
            "header": envelope.header,
            "ciphertext": envelope.ciphertext,
            "signature": envelope.signature,
            "signer": envelope.signer,
            "digest": envelope.digest,
        },
    )
    rows = [{"envelope_id": envelope_id, "key_id": key, "wrap": wrap} for key, wrap in envelope.wraps.items()]
    tx.execute(insert(wrap_table), rows)


def is_kept(tx: Connection, report_id: str, stage: EnvelopeStage, envelope: Envelope) -> bool:
    """Whether the report already has just this envelope: the same request came twice."""
    row = _row(tx, report_id, stage)
    return row is not None and bool(row.digest == envelope.digest)


def is_new(tx: Connection, envelope: Envelope) -> bool:
    """Whether no envelope of this id is kept."""
    same = envelope_table.c.id == envelope.about.envelope_id
    return tx.execute(select(envelope_table.c.id).where(same)).one_or_none() is None


def report_holding(tx: Connection, envelope: Envelope) -> str | None:
    """The id of the report that already has just this envelope."""
    same = envelope_table.c.id == envelope.about.envelope_id, envelope_table.c.digest == envelope.digest
    found: str | None = tx.execute(select(envelope_table.c.report_id).where(*same)).scalar_one_or_none()
    return found


def kept_envelope(tx: Connection, report_id: str, stage: EnvelopeStage) -> Envelope | None:
    """The report's envelope at this stage with every wrap it has left. Of notices there may be several: kept_notice."""
    return _with_wraps(tx, _row(tx, report_id, stage))


def kept_notice(tx: Connection, report_id: str, digest: bytes) -> Envelope | None:
    """The notice of withdrawal with this digest: each unit that was sent the report has its own."""
    notice = envelope_table.c.report_id == report_id, envelope_table.c.stage == EnvelopeStage.WITHDRAWAL
    found = select(envelope_table).where(*notice, envelope_table.c.digest == digest)
    return _with_wraps(tx, tx.execute(found).one_or_none())


def _with_wraps(tx: Connection, row: Row[Any] | None) -> Envelope | None:
    if row is None:
        return None
    wraps = tx.execute(select(wrap_table.c.key_id, wrap_table.c.wrap).where(wrap_table.c.envelope_id == row.id))
    return Envelope(row.header, row.ciphertext, {row.key_id: row.wrap for row in wraps}, row.signature, row.signer)


def _row(tx: Connection, report_id: str, stage: EnvelopeStage) -> Row[Any] | None:
    at_stage = envelope_table.c.report_id == report_id, envelope_table.c.stage == stage
    return tx.execute(select(envelope_table).where(*at_stage)).one_or_none()
