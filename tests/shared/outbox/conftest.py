"""A charity with a directory of two units, reports released to them, and their folders."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from shared.domain.london import london_day, start_of
from shared.domain.people import publish_directory
from shared.domain.review import ReleaseWord, release_report
from shared.domain.sealed import keep_contact, keep_only
from shared.domain.vocabulary import (
    Category,
    Circle,
    DeliveryKind,
    DeliveryState,
    EnvelopeStage,
    Lane,
    Language,
    Mode,
    ReportState,
    Verdict,
)
from shared.outbox.batches import Timetable
from shared.outbox.courier import Courier
from shared.outbox.failpoints import Fail, Failpoint, go_on
from shared.outbox.transports.folder import FolderTransport
from shared.sealing.answers import sign_answer
from shared.sealing.directory import Directory, ReleaseKey, RoleKey, RoleName, Unit
from shared.sealing.envelope import Envelope, seal
from shared.sealing.flags import ReleaseFlags, sign_release_flags
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import ReaderKey, SigningKey
from shared.sealing.signed_directory import sign_directory
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import delivery, envelope, person, receipt, report, wrap

ISSUED, EXPIRES = date(2026, 1, 1), date(2027, 1, 1)
UNITS = ("kent-acu", "essex-psd")


@dataclass
class UnitDesk:
    """A unit's own side: its keys and the folder it shares with the charity."""

    id: str
    folder: Path
    reader: ReaderKey = field(default_factory=ReaderKey.generate)
    answering: SigningKey = field(default_factory=SigningKey.generate)

    def received(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.is_file())

    def answers(self, digest: bytes, *verdicts: Verdict, signing: SigningKey | None = None) -> None:
        (self.folder / "answers").mkdir(exist_ok=True)
        for verdict in verdicts:
            path = self.folder / "answers" / f"{digest.hex()}.{verdict.value}.answer"
            path.write_bytes(sign_answer(verdict, digest, self.id, signing or self.answering))

    def entry(self, forces: tuple[str, ...]) -> Unit:
        return Unit(
            id=self.id, name=self.id, forces=forces, reader=self.reader.public, answers=self.answering.public,
            expires=EXPIRES, alternate=None,
        )  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """A report on its way."""

    report_id: str
    delivery_id: str
    unit_id: str
    envelope: Envelope
    contact: Envelope | None = None


@dataclass(frozen=True)
class InReview:
    """A report that a supervisor has read, and the envelope their console sealed it in."""

    report_id: str
    revision: str
    unit_id: str
    envelope: Envelope
    word: ReleaseWord


@dataclass
class Post:
    """The charity's side: a store, its keys, and couriers as many as are asked for."""

    store: Store
    clock: Any
    units: dict[str, UnitDesk]
    author: str = ""
    supervisor: str = ""
    supervising: SigningKey = field(default_factory=SigningKey.generate)
    release_key: SigningKey = field(default_factory=SigningKey.generate)
    supervisors: ReaderKey = field(default_factory=ReaderKey.generate)
    author_key: ReaderKey = field(default_factory=ReaderKey.generate)

    def courier(self, failpoint: Fail = go_on, timetable: Timetable | None = None, seed: int = 1) -> Courier:
        ways = {unit.id: FolderTransport(unit.folder, failpoint) for unit in self.units.values()}
        chance = random.Random(seed)
        return Courier(self.store, ways, self.clock, chance, failpoint, timetable or Timetable())

    def works(self, courier: Courier | None = None) -> None:
        """Until there is nothing left to do now."""
        working = courier or self.courier()
        for _ in range(200):
            if not working.step():
                return
        pytest.fail("the courier never rests")

    def found(self) -> None:
        keys = Directory(
            version=1, issued=ISSUED, expires=EXPIRES, people=(),
            roles=(RoleKey(role=RoleName.SUPERVISORS, version=1, reader=self.supervisors.public),),
            release=ReleaseKey(version=1, verify=self.release_key.public),
            units=tuple(unit.entry((unit.id.split("-")[0],)) for unit in self.units.values()),
        )  # fmt: skip
        self.author = random_id()
        row = {
            "id": self.author, "name": "Robin", "active": True, "handset_trusted": False, "salt": b"s" * 16,
            "memory_kib": 1, "iterations": 1, "lanes": 1, "authentication_hash": b"h" * 32, "private_bundle": b"",
            "reader_public": self.author_key.public.raw, "verify_public": b"",
        }  # fmt: skip
        self.supervisor = random_id()
        other = {**row, "id": self.supervisor, "name": "Sam", "verify_public": self.supervising.public.raw}
        with self.store.begin() as tx:
            publish_directory(tx, 1, sign_directory(keys, SigningKey.generate()))
            tx.execute(insert(person), [row, other])

    def reviewed(self, unit_id: str = "kent-acu") -> InReview:
        """A report in review and its release, sealed beforehand."""
        header, unit = new_header(EnvelopeKind.REPORT, "report", 1, unit=unit_id), self.units[unit_id]
        sealed = seal(b'{"marking":"x"}', header, [unit.reader.public, self.supervisors.public], self.release_key)
        flags = ReleaseFlags(reworded=False, hints_settled=True)
        word = ReleaseWord(flags, sign_release_flags(sealed.digest, flags, self.supervising))
        day = london_day(self.clock())
        row = {
            "id": random_id(), "state": ReportState.IN_REVIEW, "revision": random_id(), "author_id": self.author,
            "force_id": unit_id.split("-")[0], "lane": Lane.ORDINARY, "mode": Mode.ANONYMOUS,
            "category": Category.OTHER, "language": Language.EN, "form": "report.v1", "circle": Circle.MORE,
            "conflict": False, "contact_waits": False, "started_on": day, "submitted_on": day,
        }  # fmt: skip
        draft = seal(b"{}", new_header(EnvelopeKind.REVIEW, "report", 1), [self.supervisors.public], None)
        with self.store.begin() as tx:
            tx.execute(insert(report), row)
            keep_only(tx, row["id"], EnvelopeStage.REVIEW, draft)
        return InReview(row["id"], row["revision"], unit_id, sealed, word)

    def release(self, read: InReview, failpoint: Fail = go_on) -> None:
        """As the desk does, when a supervisor's console asks it to."""
        with self.store.begin() as tx:
            release_report(
                tx, self.supervisor, read.report_id, read.revision, read.unit_id, read.envelope, read.word,
                self.clock(), failpoint=failpoint,
            )  # fmt: skip
        failpoint(Failpoint.RELEASED)

    def releases(
        self, unit_id: str = "kent-acu", lane: Lane = Lane.ORDINARY, words: bytes = b'{"marking":"x"}'
    ) -> Sent:
        unit = self.units[unit_id]
        header = new_header(EnvelopeKind.REPORT, "report", 1, unit=unit_id)
        sealed = seal(words, header, [unit.reader.public, self.supervisors.public], self.release_key)
        day = london_day(self.clock())
        sent = Sent(random_id(), random_id(), unit_id, sealed)
        row = {
            "id": sent.report_id, "state": ReportState.RELEASED, "revision": random_id(), "author_id": self.author,
            "force_id": unit_id.split("-")[0], "unit_id": unit_id, "lane": lane, "mode": Mode.ANONYMOUS,
            "category": Category.OTHER, "language": Language.EN, "form": "report.v1", "circle": Circle.MORE,
            "conflict": False, "contact_waits": False, "started_on": day, "submitted_on": day, "released_on": day,
        }  # fmt: skip
        queued = {
            "id": sent.delivery_id, "report_id": sent.report_id, "unit_id": unit_id, "lane": lane,
            "kind": DeliveryKind.REPORT,
            "state": DeliveryState.WAITING, "digest": sealed.digest, "attempts": 0, "not_before": start_of(day),
        }  # fmt: skip
        with self.store.begin() as tx:
            tx.execute(insert(report), row)
            keep_only(tx, sent.report_id, EnvelopeStage.RELEASED, sealed)
            tx.execute(insert(delivery), queued)
        return sent

    def releases_confidential(self, sealed_for: str = "kent-acu") -> Sent:
        """A report to kent-acu, with contact details for its author and ``sealed_for``, as a supervisor signed them."""
        header = new_header(EnvelopeKind.CONTACT, "report", 1)
        readers = [self.author_key.public, self.units[sealed_for].reader.public]
        contact = seal(b'{"document":"contact"}', header, readers, self.release_key)
        sent = replace(self.releases("kent-acu"), contact=contact)
        with self.store.begin() as tx:
            keep_contact(tx, sent.report_id, contact)
        return sent

    def row(self, sent: Sent) -> Any:
        with self.store.read() as tx:
            return tx.execute(select(delivery).where(delivery.c.id == sent.delivery_id)).one()

    def contact_row(self, sent: Sent) -> Any:
        of_contact = delivery.c.report_id == sent.report_id, delivery.c.kind == DeliveryKind.CONTACT
        with self.store.read() as tx:
            return tx.execute(select(delivery).where(*of_contact)).one_or_none()

    def report(self, sent: Sent) -> Any:
        with self.store.read() as tx:
            return tx.execute(select(report).where(report.c.id == sent.report_id)).one()

    def readers(self, sent: Sent) -> set[str]:
        with self.store.read() as tx:
            return set(tx.execute(select(wrap.c.key_id)).scalars())

    def contact_readers(self, sent: Sent) -> set[str]:
        of_contact = envelope.c.report_id == sent.report_id, envelope.c.stage == EnvelopeStage.CONTACT
        with self.store.read() as tx:
            return set(tx.execute(select(wrap.c.key_id).join(envelope).where(*of_contact)).scalars())

    def receipts(self, sent: Sent) -> set[Verdict]:
        of_it = receipt.c.delivery_id == sent.delivery_id
        with self.store.read() as tx:
            return set(tx.execute(select(receipt.c.verdict).where(of_it)).scalars())


@pytest.fixture
def make_post(tmp_path: Path, clock: Any) -> Callable[[Store], Post]:
    def make(store: Store) -> Post:
        units = {}
        for unit_id in UNITS:
            folder = tmp_path / "units" / unit_id
            folder.mkdir(parents=True)
            units[unit_id] = UnitDesk(unit_id, folder)
        post = Post(store, clock, units)
        post.found()
        return post

    return make


@pytest.fixture
def post(store: Store, make_post: Callable[[Store], Post]) -> Post:
    return make_post(store)


@pytest.fixture
def at() -> Callable[[str], datetime]:
    return datetime.fromisoformat
