"""A role's key made anew: who stays has it, who left has not, and nothing in review is lost on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from shared.domain import reports, role_keys
from shared.domain.errors import EnvelopeRefused
from shared.domain.key_changes import proposed_directory, take_signed
from shared.domain.people import current_directory, role_keys_of
from shared.domain.questions import (
    accept_question,
    asked_by,
    questions_in,
    reject_question,
    still_under_earlier,
    take_question,
    take_rewrapped_questions,
)
from shared.domain.role_keys import (
    MembersMissing,
    NothingToRewrap,
    PresentKeyNotHeld,
    known_to_leavers,
    still_wrapped_to_earlier,
    take_rewrapped,
)
from shared.domain.sealed import kept_envelope
from shared.domain.vocabulary import EnvelopeStage, QuestionState
from shared.domain.waiting_keys import members_of
from shared.sealing.directory import RoleName
from shared.sealing.envelope import Envelope, open_envelope, rewrap
from shared.sealing.envelope_file import envelope_from_bytes, envelope_to_bytes
from shared.sealing.errors import NotForThisReader
from shared.sealing.keys import ReaderKey
from shared.sealing.organisation import RoleSecret, renewed_role_key
from shared.sealing.questions import Question, open_question, seal_question
from shared.sealing.role_wraps import open_role_wrap
from shared.sealing.signed_directory import sign_directory
from shared.store.database import Store
from shared.store.schema import person, question, report, role_wrap
from tests.support import sealed_reports as sealing
from tests.support.organisation import BOTH, HANDLER, KENT, SUPERVISOR, Member, Organisation, found_organisation

TODAY = date(2026, 3, 10)


@dataclass
class Charity:
    """An organisation whose supervisors' key is made anew."""

    store: Store
    organisation: Organisation
    clock: Any

    def submit(self) -> Envelope:
        author = self.organisation.members[HANDLER]
        draft, review = sealing.draft(self.organisation, author), sealing.review(self.organisation)
        with self.store.begin() as tx:
            saved = reports.start_draft(tx, author.id, sealing.facts(), draft, self.clock())
            facts = sealing.signed(sealing.facts(), review, author)
            reports.submit_report(tx, author.id, saved.id, saved.revision, facts, review, self.clock())
        return review

    def leaves(self, name: str) -> None:
        with self.store.begin() as tx:
            tx.execute(update(person).where(person.c.id == self.organisation.members[name].id).values(active=False))

    def renews(self, by: str, role: RoleName = RoleName.SUPERVISORS) -> None:
        """A member makes the key; the root signs it elsewhere; the service takes it in."""
        with self.store.begin() as tx:
            version = role_keys.version_in_use(tx, role) + 1
            public, wraps = renewed_role_key(role, version, members_of(tx, role))
            role_keys.renew(tx, self.organisation.members[by].id, role, public, wraps, TODAY)
            document = sign_directory(proposed_directory(tx, TODAY), self.organisation.root)
            take_signed(tx, document, self.organisation.root.public, TODAY)

    def key_of(self, member: Member, version: int, role: RoleName = RoleName.SUPERVISORS) -> ReaderKey:
        with self.store.read() as tx:
            held = {key.version: key for key in role_keys_of(tx, member.id) if key.role is role}
        seed = open_role_wrap(held[version].wrap, role, version, member.private.reader)
        return RoleSecret(role, version, seed).reader()

    def may_be_put(self, by: str) -> Envelope:
        """Kent asks, and a supervisor lets it be put, sealing it to the desk's first key."""
        member, unit = self.organisation.members[by], self.organisation.units[KENT]
        supervisors, desk = self.key_of(member, 1), self.key_of(member, 1, RoleName.DESK).public
        asked = seal_question(Question("AAAA-BBBB", "When?"), KENT, supervisors.public, unit.answers)
        accepted = rewrap(asked, supervisors, desk).only_wrap(desk.key_id)
        with self.store.begin() as tx:
            take_question(tx, KENT, asked, self.clock())
            (row,) = questions_in(tx, QuestionState.WAITING, self.clock())
            accept_question(tx, member.id, row.id, accepted, self.clock())
        return accepted

    def questions(self) -> list[Envelope]:
        with self.store.read() as tx:
            rows = questions_in(tx, QuestionState.ACCEPTED, self.clock())
        return [envelope_from_bytes(row.sealed) for row in rows]

    def versions(self, member: Member, role: RoleName) -> set[int]:
        with self.store.read() as tx:
            return {key.version for key in role_keys_of(tx, member.id) if key.role is role}

    def rewraps(self, by: Member, today: date = TODAY) -> int:
        """What a supervisor does: unwrap with the earlier key, wrap to the present one."""
        with self.store.begin() as tx:
            present = current_directory(tx).supervisors_key()
            waiting = still_wrapped_to_earlier(tx, RoleName.SUPERVISORS)
        earlier, holds = self.key_of(by, 1), [self.key_of(by, version).key_id for version in (1, 2)]
        new = {one.about.envelope_id: rewrap(one, earlier, present).wraps[present.key_id] for one in waiting}
        with self.store.begin() as tx:
            take_rewrapped(tx, by.id, RoleName.SUPERVISORS, new, holds, today)
        return len(new)

    def in_review(self) -> list[Envelope]:
        with self.store.read() as tx:
            ids = tx.execute(select(report.c.id)).scalars().all()
            found = [kept_envelope(tx, report_id, EnvelopeStage.REVIEW) for report_id in ids]
        return [one for one in found if one is not None]


@pytest.fixture
def charity(store: Store, clock: Any) -> Charity:
    return Charity(store, found_organisation(store), clock)


def test_who_has_left_opens_nothing_sealed_after_the_key_was_made_anew(charity: Charity) -> None:
    left, stays = charity.organisation.members[SUPERVISOR], charity.organisation.members[BOTH]
    charity.submit()
    theirs = charity.key_of(left, 1)  # copied while they could
    charity.leaves(SUPERVISOR)

    charity.renews(BOTH)
    rewrapped = charity.rewraps(stays)

    (envelope,) = charity.in_review()
    assert rewrapped == 1
    assert open_envelope(envelope, charity.key_of(stays, 2), None) == sealing.WORDS
    for key in (theirs, left.private.reader):
        with pytest.raises(NotForThisReader):
            open_envelope(envelope, key, None)
    with charity.store.read() as tx:
        assert current_directory(tx).supervisors_key() == charity.key_of(stays, 2).public
        held = tx.execute(select(role_wrap.c.person_id).where(role_wrap.c.version == 2)).scalars().all()
    assert held == [stays.id]


def test_it_is_known_which_keys_somebody_held_who_has_left_until_they_are_made_anew(charity: Charity) -> None:
    def known() -> set[RoleName]:
        with charity.store.read() as tx:
            return set(known_to_leavers(tx))

    before = known()
    charity.leaves(HANDLER)
    told = [known()]
    charity.renews(BOTH, RoleName.DESK)
    told.append(known())
    charity.leaves(SUPERVISOR)
    told.append(known())
    for role in RoleName:
        charity.renews(BOTH, role)
    told.append(known())

    assert before == set()
    assert told == [{RoleName.DESK}, set(), set(RoleName), set()]


def test_an_earlier_key_is_kept_while_something_is_sealed_to_it_and_forgotten_after(charity: Charity) -> None:
    stays = charity.organisation.members[BOTH]
    charity.submit()
    charity.renews(BOTH)
    with charity.store.read() as tx:
        before = {key.version for key in role_keys_of(tx, stays.id) if key.role is RoleName.SUPERVISORS}

    charity.rewraps(stays)
    with charity.store.read() as tx:
        at_once = {key.version for key in role_keys_of(tx, stays.id) if key.role is RoleName.SUPERVISORS}
    charity.rewraps(stays, TODAY + timedelta(days=2))

    with charity.store.read() as tx:
        after = {key.version for key in role_keys_of(tx, stays.id) if key.role is RoleName.SUPERVISORS}
    assert (before, at_once, after) == ({1, 2}, {1, 2}, {2})


def test_an_earlier_key_is_kept_while_a_units_question_waits_under_it(charity: Charity) -> None:
    stays, unit = charity.organisation.members[BOTH], charity.organisation.units[KENT]
    asked = seal_question(Question("AAAA-BBBB", "When?"), KENT, charity.key_of(stays, 1).public, unit.answers)
    charity.renews(BOTH)
    with charity.store.begin() as tx:  # the unit had the directory before
        assert asked_by(tx, KENT, envelope_to_bytes(asked)) == asked
        take_question(tx, KENT, asked, charity.clock())

    held = []
    for _ in range(2):
        charity.rewraps(stays, TODAY + timedelta(days=2))
        with charity.store.begin() as tx:
            held.append({key.version for key in role_keys_of(tx, stays.id) if key.role is RoleName.SUPERVISORS})
            (waiting,) = tx.execute(select(question.c.id)).scalars()
            if len(held) == 1:
                reject_question(tx, stays.id, waiting, charity.clock())

    assert held == [{1, 2}, {2}]


def test_a_question_that_may_be_put_outlives_the_desks_key_and_who_left_reads_it_no_more(charity: Charity) -> None:
    left, stays = charity.organisation.members[HANDLER], charity.organisation.members[BOTH]
    charity.may_be_put(BOTH)
    theirs = charity.key_of(left, 1, RoleName.DESK)  # copied while they could
    charity.leaves(HANDLER)
    charity.renews(BOTH, RoleName.DESK)
    held = [charity.versions(stays, RoleName.DESK)]
    with charity.store.begin() as tx:
        waiting = still_under_earlier(tx)
        earlier, desk = charity.key_of(stays, 1, RoleName.DESK), charity.key_of(stays, 2, RoleName.DESK)
        anew = {name: rewrap(one, earlier, desk.public).only_wrap(desk.public.key_id) for name, one in waiting.items()}
        for wrong in (dict.fromkeys(anew, next(iter(waiting.values()))), {"0" * 32: next(iter(anew.values()))}):
            with pytest.raises(NothingToRewrap):
                take_rewrapped_questions(tx, stays.id, wrong, [desk.key_id], TODAY)
        with pytest.raises(PresentKeyNotHeld):
            take_rewrapped_questions(tx, stays.id, anew, [earlier.key_id], TODAY)

        take_rewrapped_questions(tx, stays.id, anew, [desk.key_id], TODAY)

    (kept,) = charity.questions()
    assert open_question(kept, desk, charity.organisation.directory).text == "When?"
    with pytest.raises(NotForThisReader):
        open_question(kept, theirs, charity.organisation.directory)
    held.append(charity.versions(stays, RoleName.DESK))
    with charity.store.begin() as tx:
        assert still_under_earlier(tx) == {}
        take_rewrapped_questions(tx, stays.id, {}, [desk.key_id], TODAY + timedelta(days=2))
    assert [*held, charity.versions(stays, RoleName.DESK)] == [{1, 2}, {1, 2}, {2}]


def test_an_earlier_desk_key_is_kept_while_a_question_that_may_be_put_is_sealed_to_it(charity: Charity) -> None:
    stays = charity.organisation.members[BOTH]
    charity.may_be_put(BOTH)
    charity.renews(BOTH, RoleName.DESK)

    desk = charity.key_of(stays, 2, RoleName.DESK)
    with charity.store.begin() as tx:
        take_rewrapped_questions(tx, stays.id, {}, [desk.key_id], TODAY + timedelta(days=2))

    assert charity.versions(stays, RoleName.DESK) == {1, 2}


def test_a_console_that_knows_the_earlier_desk_key_still_lets_a_question_be_put(charity: Charity) -> None:
    charity.renews(BOTH, RoleName.DESK)

    accepted = charity.may_be_put(BOTH)

    assert charity.questions() == [accepted]


def test_a_console_that_knows_the_earlier_key_still_saves_and_submits(charity: Charity) -> None:
    charity.renews(BOTH)

    submitted = charity.submit()  # sealed to the key before, as an open console does

    assert [one.digest for one in charity.in_review()] == [submitted.digest]
    assert charity.rewraps(charity.organisation.members[BOTH]) == 1
    (envelope,) = charity.in_review()
    assert open_envelope(envelope, charity.key_of(charity.organisation.members[BOTH], 2), None) == sealing.WORDS


def test_a_key_that_was_forgotten_is_a_stranger(charity: Charity) -> None:
    charity.renews(BOTH)
    charity.rewraps(charity.organisation.members[BOTH], TODAY + timedelta(days=2))

    with pytest.raises(EnvelopeRefused):
        charity.submit()


def test_a_new_key_goes_to_everyone_in_the_role_and_to_nobody_else(charity: Charity) -> None:
    left, handler = charity.organisation.members[SUPERVISOR], charity.organisation.members[HANDLER]
    with charity.store.read() as tx:
        members = members_of(tx, RoleName.SUPERVISORS)
    without = {one: key for one, key in members.items() if one != left.id}
    beyond = {**members, handler.id: handler.keys.reader}

    assert set(members) == {charity.organisation.members[name].id for name in (SUPERVISOR, BOTH)}
    for wrong in (without, beyond, {}):
        public, wraps = renewed_role_key(RoleName.SUPERVISORS, 2, wrong)
        with pytest.raises(MembersMissing), charity.store.begin() as tx:
            role_keys.renew(tx, left.id, RoleName.SUPERVISORS, public, wraps, TODAY)


def test_what_is_not_waiting_is_not_replaced(charity: Charity) -> None:
    by = charity.organisation.members[BOTH]
    review = charity.submit()
    holds = [charity.key_of(by, 1).key_id]

    for wrong in ({review.about.envelope_id: bytes(1168)}, {"0" * 32: bytes(1168)}):
        with pytest.raises(NothingToRewrap), charity.store.begin() as tx:
            take_rewrapped(tx, by.id, RoleName.SUPERVISORS, wrong, holds, TODAY)

    assert charity.in_review()[0].wraps == review.wraps


def test_a_release_key_made_anew_leaves_the_one_before_believed(charity: Charity) -> None:
    before = charity.organisation.directory.release

    charity.renews(BOTH, RoleName.RELEASE)

    with charity.store.read() as tx:
        keys = current_directory(tx)
    assert keys.release.version == 2
    assert keys.earlier_releases == (before,)
    assert keys.release_keys == (keys.release.verify, before.verify)
