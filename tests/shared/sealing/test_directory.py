from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from shared.domain.vocabulary import Lane, Role
from shared.sealing.directory import (
    WARNING_DAYS,
    Directory,
    Person,
    RoleName,
    Standing,
    Unit,
    key_standing,
    without_suspended,
)
from shared.sealing.errors import AlternateServesTheSame, UnknownPerson, UnknownRoleKey, UnknownUnit
from shared.sealing.keys import ReaderKey, SigningKey
from shared.sealing.organisation import RoleSecret
from shared.sealing.signed_directory import next_version, with_person, with_unit
from tests.shared.sealing.conftest import EXPIRES, ISSUED, Parties

PERSON_ID = "ab" * 16


def unit(unit_id: str, *forces: str, alternate: str | None = None) -> Unit:
    return Unit(
        id=unit_id,
        name="A unit",
        forces=forces,
        reader=ReaderKey.generate().public,
        answers=SigningKey.generate().public,
        expires=EXPIRES,
        alternate=alternate,
    )


def handler(person_id: str = PERSON_ID) -> Person:
    keys = ReaderKey.generate().public, SigningKey.generate().public
    return Person(id=person_id, roles=(Role.HANDLER,), reader=keys[0], verify=keys[1])


def test_the_directory_names_units_people_and_role_keys(
    directory: Directory, kent: Unit, role_secrets: tuple[RoleSecret, ...]
) -> None:
    person = handler()
    secrets = {secret.role: secret for secret in role_secrets}

    known = with_person(directory, person, ISSUED, EXPIRES)

    assert known.unit("kent-psd") == known.unit_for_force("kent") == kent
    assert known.person(PERSON_ID) == person
    assert known.supervisors_key() == secrets[RoleName.SUPERVISORS].reader().public
    assert known.desk_key() == secrets[RoleName.DESK].reader().public
    assert known.release.verify == secrets[RoleName.RELEASE].signing().public


def test_what_the_directory_does_not_name_is_unknown(directory: Directory) -> None:
    with pytest.raises(UnknownUnit):
        directory.unit("essex-psd")
    with pytest.raises(UnknownUnit):
        directory.unit_for_force("essex")
    with pytest.raises(UnknownPerson):
        directory.person(PERSON_ID)
    with pytest.raises(UnknownRoleKey):
        directory.role_key(RoleName.RELEASE)


def test_a_force_may_have_several_units_and_several_forces_share_one(directory: Directory) -> None:
    shared, own = unit("tri-force-psd", "bedfordshire", "hertfordshire"), unit("herts-acu", "hertfordshire")

    both = with_unit(with_unit(directory, shared, ISSUED, EXPIRES), own, ISSUED, EXPIRES)

    assert both.units_for_force("hertfordshire") == (shared, own)
    assert both.unit_for_force("hertfordshire") == shared
    assert both.units_for_force("bedfordshire") == (shared,)


def test_a_new_entry_takes_the_place_of_the_old_one(directory: Directory) -> None:
    first, second = handler(), handler()

    later = with_person(with_person(directory, first, ISSUED, EXPIRES), second, ISSUED, EXPIRES)

    assert later.people == (second,)
    assert later.version == directory.version + 2


@pytest.mark.parametrize(
    ("days_before_the_last", "expected"),
    [
        (WARNING_DAYS + 1, Standing.USABLE),
        (30, Standing.EXPIRES_SOON),
        (0, Standing.EXPIRES_SOON),
        (-1, Standing.EXPIRED),
    ],
)
def test_a_units_keys_warn_thirty_days_ahead_and_then_expire(
    kent: Unit, days_before_the_last: int, expected: Standing
) -> None:
    assert key_standing(kent, kent.expires - timedelta(days=days_before_the_last)) is expected


def test_a_directory_expires_likewise(directory: Directory) -> None:
    assert directory.standing(EXPIRES - timedelta(days=31)) is Standing.USABLE
    assert directory.standing(EXPIRES) is Standing.EXPIRES_SOON
    assert directory.standing(EXPIRES + timedelta(days=1)) is Standing.EXPIRED


def test_a_directory_that_contradicts_itself_is_refused(directory: Directory, kent: Unit) -> None:
    fields = {name: getattr(directory, name) for name in Directory.model_fields}
    person = handler()
    contradictions: list[dict[str, object]] = [
        {"units": (kent, kent)},
        {"people": (person, person)},
        {"people": (person, person.model_copy(update={"id": "cd" * 16}))},
        {"people": (person.model_copy(update={"reader": kent.reader}),)},
        {"people": (person.model_copy(update={"verify": directory.release.verify}),)},
        {"roles": (directory.roles[0], directory.roles[0])},
        {"roles": (directory.roles[0].model_copy(update={"role": RoleName.RELEASE}),)},
        {"units": (kent.model_copy(update={"alternate": "kent-psd"}),)},
        {"units": (kent.model_copy(update={"alternate": "nobody"}),)},
        {"expires": ISSUED - timedelta(days=1)},
        {"version": 0},
        {"motto": "candour"},
    ]

    for contradiction in contradictions:
        with pytest.raises(ValidationError):
            Directory.model_validate(fields | contradiction)


def test_a_suspension_takes_readers_away_and_can_add_none(directory: Directory, kent: Unit, parties: Parties) -> None:
    person = handler()
    known = with_person(directory, person, ISSUED, EXPIRES)

    reduced = without_suspended(known, {kent.reader.key_id, person.reader.key_id, parties.stranger.key_id})

    assert reduced.units == ()
    assert reduced.people == ()
    assert reduced.roles == known.roles  # a role key is made anew instead
    assert without_suspended(known, set()) == known


def test_a_report_about_a_suspended_unit_still_goes_to_its_alternate_and_to_no_other(
    directory: Directory, kent: Unit
) -> None:
    alternate, other = unit("kent-mayor"), unit("kent-other", "kent")
    listed = (kent.model_copy(update={"alternate": "kent-mayor"}), alternate, other)
    known = directory.model_copy(update={"units": listed})

    reduced = without_suspended(known, {kent.reader.key_id})
    without = without_suspended(known, {kent.reader.key_id, alternate.reader.key_id})

    assert reduced.recipients("kent", Lane.ORDINARY, conflict=True) == (alternate,)
    assert reduced.recipients("kent", Lane.ORDINARY, conflict=False) == (other,)
    assert without.recipients("kent", Lane.ORDINARY, conflict=True) == ()


def test_dates_are_days_not_times(kent: Unit) -> None:
    with pytest.raises(ValidationError):
        Unit.model_validate(kent.model_dump() | {"expires": "2026-12-31"})

    assert type(kent.expires) is date


@pytest.mark.parametrize(
    ("lane", "conflict", "expected"),
    [
        (Lane.ORDINARY, False, ["kent-psd"]),
        (Lane.URGENT, False, ["kent-on-call", "kent-psd"]),
        (Lane.ORDINARY, True, ["kent-commissioner"]),
        (Lane.URGENT, True, ["kent-commissioner"]),
    ],
)
def test_each_lane_and_a_conflict_have_a_recipient_of_their_own(
    kent: Unit, directory: Directory, lane: Lane, conflict: bool, expected: list[str]
) -> None:
    on_call, commissioner = unit("kent-on-call"), unit("kent-commissioner")
    named = kent.model_copy(update={"urgent": on_call.id, "alternate": commissioner.id})

    known = next_version(directory, {"units": (on_call, commissioner, named)}, ISSUED, EXPIRES)

    assert [unit.id for unit in known.recipients("kent", lane, conflict)] == expected
    assert known.units_for_force("kent") == (named,)


@pytest.mark.parametrize("lane", [Lane.ORDINARY, Lane.URGENT])
def test_no_unit_gets_a_report_about_itself_as_its_own_alternates_alternate(
    kent: Unit, directory: Directory, lane: Lane
) -> None:
    second = unit("kent-acu", "kent", alternate=kent.id)
    each_others = directory.model_copy(update={"units": (kent.model_copy(update={"alternate": second.id}), second)})

    for suspended in (set(), {second.reader.key_id}, {kent.reader.key_id}):
        assert without_suspended(each_others, suspended).recipients("kent", lane, conflict=True) == ()


def test_a_unit_is_not_enrolled_with_an_alternate_that_serves_its_force(kent: Unit, directory: Directory) -> None:
    second = unit("kent-acu", "kent")
    known = with_unit(directory, second, ISSUED, EXPIRES)

    with pytest.raises(AlternateServesTheSame):
        with_unit(known, kent.model_copy(update={"alternate": second.id}), ISSUED, EXPIRES)
    elsewhere = with_unit(known, unit("essex-psd", "essex", alternate=second.id), ISSUED, EXPIRES)
    with pytest.raises(AlternateServesTheSame):  # nor does an alternate come to serve it later
        with_unit(elsewhere, unit("kent-acu", "kent", "essex"), ISSUED, EXPIRES)


def test_what_an_earlier_directory_says_of_alternates_is_put_right_entry_by_entry(
    kent: Unit, directory: Directory
) -> None:
    second = unit("kent-acu", "kent", alternate=kent.id)
    wrong = directory.model_copy(update={"units": (kent.model_copy(update={"alternate": second.id}), second)})

    better = with_unit(wrong, kent, ISSUED, EXPIRES)
    right = with_unit(better, second.model_copy(update={"alternate": None}), ISSUED, EXPIRES)

    assert wrong.vain_alternates() == {(kent.id, second.id), (second.id, kent.id)}
    assert better.vain_alternates() == {(second.id, kent.id)}
    assert right.vain_alternates() == frozenset()


def test_the_usual_unit_is_not_on_call_for_a_report_about_itself(kent: Unit, directory: Directory) -> None:
    commissioner = unit("kent-pcc").model_copy(update={"urgent": kent.id})
    named = kent.model_copy(update={"alternate": commissioner.id})
    keys = with_unit(with_unit(directory, commissioner, ISSUED, EXPIRES), named, ISSUED, EXPIRES)

    assert keys.recipients("kent", Lane.URGENT, conflict=True) == (commissioner,)
    assert keys.recipients("kent", Lane.URGENT, conflict=False) == (named,)


def test_a_unit_takes_its_urgent_reports_itself_while_the_key_of_who_is_on_call_is_suspended(
    kent: Unit, directory: Directory
) -> None:
    on_call = unit("kent-on-call")
    named = kent.model_copy(update={"urgent": on_call.id})
    keys = directory.model_copy(update={"units": (on_call, named)})

    reduced = without_suspended(keys, {on_call.reader.key_id})

    assert reduced.recipients("kent", Lane.URGENT, conflict=False) == (named,)


def test_a_unit_without_one_on_call_takes_its_urgent_reports_itself(kent: Unit, directory: Directory) -> None:
    assert directory.recipients("kent", Lane.URGENT, conflict=False) == (kent,)
    assert directory.recipients("essex", Lane.URGENT, conflict=False) == ()


def test_two_keys_have_twelve_words_and_other_keys_have_others(kent: Unit) -> None:
    assert len(kent.words) == 12
    assert kent.words != unit("kent-psd").words
