"""The next directory: asked for by two, signed elsewhere, taken in; and keys suspended meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from shared.domain import key_changes
from shared.domain.key_changes import (
    NotThatKey,
    NotTheNext,
    TwoAdministratorsNeeded,
    lift_suspension,
    proposed_directory,
    published_directory,
    suspend_key,
    take_signed,
)
from shared.domain.people import current_directory, signed_directory
from shared.domain.vocabulary import Lane, Role
from shared.sealing.directory import Directory
from shared.sealing.errors import AlternateServesTheSame, DirectorySignatureWrong, UnknownPerson, UnknownUnit
from shared.sealing.keys import SigningKey
from shared.sealing.signed_directory import sign_directory, with_unit
from shared.sealing.signing_request import (
    RequestMalformed,
    RequestOutOfTurn,
    differences,
    read_request,
    request_to_bytes,
)
from shared.store.database import Store
from shared.store.schema import audit_entry, person, waiting_unit
from tests.support.organisation import (
    ADMINISTRATOR,
    ESSEX,
    HANDLER,
    KENT,
    KENT_ALTERNATE,
    Organisation,
    enrol,
    found_organisation,
    new_member,
    new_unit,
)

TODAY = date(2026, 3, 10)
SECOND = "Zara"


@pytest.fixture
def organisation(store: Store) -> Organisation:
    """With a second administrator, in the store and not yet in the directory."""
    organisation = found_organisation(store)
    organisation.members[SECOND] = new_member(SECOND, (Role.ADMINISTRATOR,))
    enrol(store, organisation, organisation.members[SECOND])
    return organisation


def both(organisation: Organisation) -> tuple[str, str]:
    return organisation.members[ADMINISTRATOR].id, organisation.members[SECOND].id


def signed_by_the_root(store: Store, organisation: Organisation) -> tuple[Directory, bytes, list[str]]:
    """The whole way to the other machine and back: the request as a file, read there, signed there."""
    with store.read() as tx:
        request = request_to_bytes(signed_directory(tx), proposed_directory(tx, TODAY))
    asked = read_request(request, organisation.root.public)
    said = [*differences(asked.current, asked.proposed)]
    return asked.proposed, sign_directory(asked.proposed, organisation.root), said


def test_a_unit_two_administrators_vouched_for_is_in_the_next_directory(
    store: Store, organisation: Organisation
) -> None:
    unit = new_unit("surrey-psd", ("surrey",)).entry
    with store.begin() as tx:
        key_changes.ask_for_unit(tx, unit, both(organisation), TODAY)

    _, document, said = signed_by_the_root(store, organisation)
    with store.begin() as tx:
        take_signed(tx, document, organisation.root.public, TODAY)

    with store.read() as tx:
        assert current_directory(tx).unit("surrey-psd") == unit
        assert tx.execute(select(waiting_unit)).all() == []
        actors = set(tx.execute(select(audit_entry.c.actor_id).where(audit_entry.c.verb == "unit.enrol")).scalars())
    assert actors == set(both(organisation))
    assert any(line.startswith("A unit is new: Surrey Psd (surrey-psd), for surrey;") for line in said)
    assert any(" ".join(unit.words) in line for line in said)


@pytest.mark.parametrize("who", [[], [ADMINISTRATOR], [ADMINISTRATOR, ADMINISTRATOR], [ADMINISTRATOR, HANDLER]])
def test_one_administrator_is_not_enough_once_there_are_two(
    store: Store, organisation: Organisation, who: list[str]
) -> None:
    vouchers = [organisation.members[name].id for name in who]

    with pytest.raises(TwoAdministratorsNeeded), store.begin() as tx:
        key_changes.ask_for_unit(tx, new_unit("surrey-psd", ("surrey",)).entry, vouchers, TODAY)


def test_people_are_in_the_next_directory_as_the_store_has_them(store: Store, organisation: Organisation) -> None:
    left, new = organisation.members[HANDLER], organisation.members[SECOND]
    with store.begin() as tx:
        tx.execute(update(person).where(person.c.id == left.id).values(active=False))

    proposed, document, said = signed_by_the_root(store, organisation)

    assert f"A person leaves: {left.id} (handler)." in said
    assert any(line.startswith(f"A person is new: {new.id} (administrator).") for line in said)
    with store.begin() as tx:
        take_signed(tx, document, organisation.root.public, TODAY)
    with store.read() as tx:
        assert current_directory(tx) == proposed
        with pytest.raises(UnknownPerson):
            current_directory(tx).person(left.id)


def test_a_unit_that_is_to_leave_is_not_in_the_next_directory(store: Store, organisation: Organisation) -> None:
    with store.begin() as tx:
        key_changes.ask_to_remove_unit(tx, ESSEX, both(organisation), TODAY)

    _, document, said = signed_by_the_root(store, organisation)
    with store.begin() as tx:
        take_signed(tx, document, organisation.root.public, TODAY)

    assert "A unit leaves: Essex Psd (essex-psd)." in said
    with store.read() as tx, pytest.raises(UnknownUnit):
        current_directory(tx).unit(ESSEX)


def test_a_directory_another_root_signed_is_not_taken_in(store: Store, organisation: Organisation) -> None:
    proposed, _, _ = signed_by_the_root(store, organisation)

    with pytest.raises(DirectorySignatureWrong), store.begin() as tx:
        take_signed(tx, sign_directory(proposed, SigningKey.generate()), organisation.root.public, TODAY)


def test_a_directory_is_taken_in_once_and_in_turn(store: Store, organisation: Organisation) -> None:
    proposed, document, _ = signed_by_the_root(store, organisation)
    skipping = proposed.model_copy(update={"version": proposed.version + 1})
    with store.begin() as tx:
        take_signed(tx, document, organisation.root.public, TODAY)

    for wrong in (document, sign_directory(skipping.model_copy(update={"version": 99}), organisation.root)):
        with pytest.raises(NotTheNext), store.begin() as tx:
            take_signed(tx, wrong, organisation.root.public, TODAY)


def test_the_root_signs_no_unit_the_reports_about_itself(store: Store, organisation: Organisation) -> None:
    with store.read() as tx:
        signed, proposed = signed_directory(tx), proposed_directory(tx, TODAY)
    kent = proposed.unit(KENT)
    second = new_unit("kent-second", ("kent",), alternate=KENT).entry
    others = tuple(unit for unit in proposed.units if unit.id != KENT)
    altered = proposed.model_copy(update={"units": (*others, kent, second)})

    with pytest.raises(AlternateServesTheSame):
        read_request(request_to_bytes(signed, altered), organisation.root.public)


def test_a_request_that_does_not_follow_on_is_not_signed(store: Store, organisation: Organisation) -> None:
    with store.read() as tx:
        signed, proposed = signed_directory(tx), proposed_directory(tx, TODAY)
    out_of_turn = proposed.model_copy(update={"version": proposed.version + 1})

    with pytest.raises(RequestOutOfTurn):
        read_request(request_to_bytes(signed, out_of_turn), organisation.root.public)
    with pytest.raises(DirectorySignatureWrong):
        read_request(request_to_bytes(signed, proposed), SigningKey.generate().public)
    for wrong in (b"", b"{}", b"[]", request_to_bytes(signed, proposed)[:-1]):
        with pytest.raises(RequestMalformed):
            read_request(wrong, organisation.root.public)


def test_what_changes_silently_between_asking_and_signing_waits_on(store: Store, organisation: Organisation) -> None:
    with store.begin() as tx:
        key_changes.ask_for_unit(tx, new_unit("surrey-psd", ("surrey",)).entry, both(organisation), TODAY)
    _, document, _ = signed_by_the_root(store, organisation)
    newer = new_unit("surrey-psd", ("surrey",)).entry
    with store.begin() as tx:
        key_changes.ask_for_unit(tx, newer, both(organisation), TODAY)
        take_signed(tx, document, organisation.root.public, TODAY)

    with store.read() as tx:
        assert proposed_directory(tx, TODAY).unit("surrey-psd") == newer


# --- keys in overlap, and whom a report may go to ---------------------------------------------------------------------


def test_a_units_earlier_keys_stay_good_until_their_last_day(store: Store, organisation: Organisation) -> None:
    before, after = organisation.directory.unit(ESSEX), new_unit(ESSEX, ("essex",)).entry
    last = TODAY + timedelta(days=30)

    both_good = with_unit(organisation.directory, after, TODAY, date(2027, 3, 1), overlap_until=last)
    still = with_unit(both_good, organisation.directory.unit(KENT), last, date(2027, 3, 1))
    over = with_unit(both_good, organisation.directory.unit(KENT), last + timedelta(days=1), date(2027, 3, 1))

    assert both_good.unit(ESSEX).reader_ids == (after.reader.key_id, before.reader.key_id)
    assert both_good.unit(ESSEX).answer_keys == (after.answers, before.answers)
    assert still.unit(ESSEX).reader_ids == (after.reader.key_id, before.reader.key_id)
    assert over.unit(ESSEX).reader_ids == (after.reader.key_id,)


# --- suspended meanwhile ----------------------------------------------------------------------------------------------


def test_a_suspended_key_is_in_no_directory_the_service_uses(store: Store, organisation: Organisation) -> None:
    handler, kent = organisation.members[HANDLER], organisation.directory.unit(KENT)
    with store.begin() as tx:
        for key in (handler.keys.reader, kent.reader):
            suspend_key(tx, key.key_id, [organisation.members[ADMINISTRATOR].id], TODAY)

    with store.read() as tx:
        used, signed = current_directory(tx), published_directory(tx)

    assert KENT in {unit.id for unit in signed.units}
    assert KENT not in {unit.id for unit in used.units}
    assert handler.id not in {entry.id for entry in used.people}
    assert {unit.id for unit in used.units} < {unit.id for unit in signed.units}
    assert used.roles == signed.roles


def test_a_suspension_is_lifted_by_two(store: Store, organisation: Organisation) -> None:
    key_id = organisation.directory.unit(KENT).reader.key_id
    with store.begin() as tx:
        suspend_key(tx, key_id, [], TODAY)

    with pytest.raises(TwoAdministratorsNeeded), store.begin() as tx:
        lift_suspension(tx, key_id, both(organisation)[:1], TODAY)
    with store.begin() as tx:
        lift_suspension(tx, key_id, both(organisation), TODAY)

    with store.read() as tx:
        assert current_directory(tx) == published_directory(tx)


def test_a_role_key_and_an_unknown_key_are_not_suspended(store: Store, organisation: Organisation) -> None:
    for key_id in (organisation.supervisors.key_id, organisation.release.key_id, "0" * 32):
        with pytest.raises(NotThatKey), store.begin() as tx:
            suspend_key(tx, key_id, both(organisation), TODAY)


def test_nothing_names_a_suspended_alternate(store: Store, organisation: Organisation) -> None:
    alternate = organisation.directory.unit(KENT_ALTERNATE)
    with store.begin() as tx:
        suspend_key(tx, alternate.reader.key_id, [], TODAY)

    with store.read() as tx:
        assert current_directory(tx).recipients("kent", Lane.ORDINARY, conflict=True) == ()
