"""Reports withdrawn, sent on and disowned, and units whose keys come and go."""

from datetime import date
from typing import Any

from sqlalchemy import insert, select

from shared.domain.key_changes import suspend_key
from shared.domain.london import london_day
from shared.domain.people import current_directory, publish_directory
from shared.domain.rerouting import ask_to_reroute, reroute_report
from shared.domain.vocabulary import (
    DeliveryKind,
    DeliveryState,
    EnvelopeStage,
    Verdict,
)
from shared.domain.withdrawal import withdraw_report
from shared.outbox.overview import read_outbox
from shared.outbox_messages import DeliveryCard, WithdrawnReport
from shared.sealing.directory import Unit
from shared.sealing.envelope import Envelope, open_envelope, seal
from shared.sealing.envelope_file import WITHDRAWAL_MARK, envelope_from_bytes
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import SigningKey
from shared.sealing.signed_directory import sign_directory
from shared.store.schema import delivery, envelope, person, report
from tests.shared.outbox.conftest import Sent

SUPERVISOR = "5" * 32
YESTERDAY = date(2026, 3, 9)


def notice_for(
    post: Any, unit_id: str = "kent-acu", form: str = "withdrawal", words: bytes = b'{"withdrawn":true}'
) -> Envelope:
    header = new_header(EnvelopeKind.REPORT, form, 1, unit=unit_id)
    return seal(words, header, [post.units[unit_id].reader.public], post.release_key)


def withdraw(
    post: Any, sent: Any, *notices: Envelope, who: str = SUPERVISOR, revision: str | None = None
) -> WithdrawnReport:
    with post.store.begin() as tx:
        seen = revision or post.report(sent).revision
        return withdraw_report(tx, who, sent.report_id, seen, notices, post.clock())


def sent_on(post: Any, sent: Any) -> Sent:
    """Kent has read the report and disowned it; it has gone to Essex, sealed anew."""
    post.units["kent-acu"].answers(sent.envelope.digest, Verdict.OPENED, Verdict.NOT_OURS)
    post.works()
    header = new_header(EnvelopeKind.REPORT, "report", 1, unit="essex-psd")
    readers = [post.units["essex-psd"].reader.public, post.supervisors.public]
    anew = seal(b'{"marking":"x"}', header, readers, post.release_key)
    with post.store.begin() as tx:
        second = dict(tx.execute(select(person).where(person.c.id == post.supervisor)).mappings().one())
        tx.execute(insert(person), {**second, "id": SUPERVISOR, "name": "Nerys", "sign_in_name": "nerys"})
        for who in (post.supervisor, SUPERVISOR):
            ask_to_reroute(tx, who, sent.report_id, "essex-psd", post.clock())
        seen = tx.execute(select(report.c.revision).where(report.c.id == sent.report_id)).scalar_one()
        reroute_report(tx, SUPERVISOR, sent.report_id, seen, "essex-psd", anew, post.clock())
        theirs = delivery.c.report_id == sent.report_id, delivery.c.unit_id == "essex-psd"
        delivery_id = tx.execute(select(delivery.c.id).where(*theirs)).scalar_one()
    return Sent(sent.report_id, delivery_id, "essex-psd", anew)


def expire(post: Any, unit_id: str | None = None) -> None:
    """From yesterday on this unit's key is good no more; None: the directory itself."""
    with post.store.begin() as tx:
        known = current_directory(tx)
        units = tuple(
            unit.model_copy(update={"expires": YESTERDAY}) if unit.id == unit_id else unit for unit in known.units
        )
        changed = {"version": known.version + 1, "units": units}
        keys = known.model_copy(update=changed | ({} if unit_id else {"expires": YESTERDAY}))
        publish_directory(tx, keys.version, sign_directory(keys, SigningKey.generate()))


def renew_keys(post: Any) -> None:
    with post.store.begin() as tx:
        known = current_directory(tx)
        good = date(2030, 1, 1)
        units = tuple(unit.model_copy(update={"expires": good}) for unit in known.units)
        keys = known.model_copy(update={"version": known.version + 1, "units": units, "expires": good})
        publish_directory(tx, keys.version, sign_directory(keys, SigningKey.generate()))


def without_kent(post: Any) -> tuple[Unit, ...]:
    """Kent's unit is in no directory any more; the units there were before."""
    with post.store.read() as tx:
        before = current_directory(tx).units
    with_units(post, tuple(unit for unit in before if unit.id != "kent-acu"))
    return before


def with_units(post: Any, units: tuple[Unit, ...]) -> None:
    with post.store.begin() as tx:
        known = current_directory(tx)
        keys = known.model_copy(update={"version": known.version + 1, "units": units})
        publish_directory(tx, keys.version, sign_directory(keys, SigningKey.generate()))


def suspend_unit(post: Any, unit_id: str) -> None:
    with post.store.begin() as tx:
        suspend_key(tx, post.units[unit_id].reader.public.key_id, ["5" * 32], london_day(post.clock()))


def notices_put_aside(post: Any) -> list[DeliveryCard]:
    """The notices that were put aside, as the outbox shows them."""
    with post.store.read() as tx:
        cards = read_outbox(tx, post.clock(), 30).deliveries
    return [card for card in cards if card.kind is DeliveryKind.WITHDRAWAL and card.state is DeliveryState.PARKED]


def digests_named(post: Any, unit_id: str) -> list[str]:
    """The digests that notices in a unit's folder withdraw."""
    unit = post.units[unit_id]
    there = [unit.folder / name for name in unit.received() if WITHDRAWAL_MARK in name]
    opened = [
        open_envelope(envelope_from_bytes(path.read_bytes()), unit.reader, post.release_key.public) for path in there
    ]
    return [one.decode() for one in opened]


def stages_kept(post: Any) -> list[EnvelopeStage]:
    with post.store.read() as tx:
        return list(tx.execute(select(envelope.c.stage)).scalars())
