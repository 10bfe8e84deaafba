"""``candour person``: two people decide about a third, and the directory says so."""

from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Connection, select

from ivr.vouching import NotVouchedFor, vouched
from shared.domain.people import current_directory, directory_is_due, member_named
from shared.domain.vocabulary import Role
from shared.store.database import Store, open_store
from shared.store.schema import audit_entry, person, role_wrap
from tests.support.office import PASSPHRASES, Office, by, copied


@pytest.fixture(scope="module")
def staffed_once(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("office"))
    assert office.found().exit_code == 0
    for name, role in (("Eve", "administrator"), ("Tom", "handler")):
        told = office.take_in(name, "--role", role, *by(office, "Rhian"))
        assert told.exit_code == 0, told.output
    return office


@pytest.fixture
def office(staffed_once: Office, tmp_path: Path) -> Office:
    """An office of this test's own: taking people in takes seconds, a copy does not."""
    return copied(staffed_once, tmp_path)


@pytest.fixture(scope="module")
def administered_once(staffed_once: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """With a second administrator, so that two have to agree from now on."""
    office = copied(staffed_once, tmp_path_factory.mktemp("administered"))
    told = office.take_in("Bea", "--role", "administrator")
    assert told.exit_code == 0, told.output
    return office


@pytest.fixture
def administered(administered_once: Office, tmp_path: Path) -> Office:
    return copied(administered_once, tmp_path)


def agree(office: Office, *names: str) -> tuple[str, ...]:
    given = (("--administrator", name, "--administrator-passphrase-file", office.passphrase(name)) for name in names)
    return tuple(word for words in given for word in words)


def decide(office: Office, *words: str, vouches: str = "Rhian") -> Result:
    root = () if words[0] == "suspend" else ("--root-passphrase-file", office.passphrase("root"))
    return office.candour("person", *words, *root, *by(office, vouches))


def store_of(office: Office) -> "closing[Store]":
    return closing(open_store(f"sqlite:///{office.data / 'candour.db'}"))


def held(tx: Connection, name: str) -> list[str]:
    mine = select(role_wrap.c.role).join(person, person.c.id == role_wrap.c.person_id).where(person.c.name == name)
    return sorted(tx.execute(mine).scalars())


def test_a_new_role_comes_with_its_keys_and_is_signed_into_the_directory(office: Office) -> None:
    told = decide(office, "change", "tom", "--role", "handler", "--role", "supervisor", "--language", "cy-GB")

    assert told.exit_code == 0, told.output
    with store_of(office) as store, store.read() as tx:
        tom = member_named(tx, "Tom")
        assert tom.particulars.roles == (Role.HANDLER, Role.SUPERVISOR)
        assert tom.particulars.languages == ("cy-GB",)
        assert held(tx, "Tom") == ["desk", "release", "supervisors"]
        assert set(current_directory(tx).person(tom.id).roles) == set(tom.particulars.roles)
        assert directory_is_due(tx) == ()


def test_an_administrator_holds_no_keys_to_pass_on(office: Office) -> None:
    told = decide(office, "change", "Tom", "--role", "supervisor", vouches="Eve")

    assert told.output.startswith("candour: The person who vouches does not hold the keys")


def test_a_handset_in_use_by_another_is_warned_of(office: Office) -> None:
    assert decide(office, "change", "Rhian", "--handset", "+442079460123", vouches="Eve").exit_code == 0

    told = decide(office, "change", "Tom", "--handset", "+44 20 7946 0123")

    assert "rings at the same handset" not in told.output.split("\n")[0]
    assert "Somebody else's calls ring at the same handset." in told.output
    assert "+442079460123" in office.candour("person", "list").output


def test_someone_suspended_is_let_in_no_longer_and_then_again(office: Office) -> None:
    assert decide(office, "suspend", "Tom", vouches="Eve").exit_code == 0
    assert "Tom: handler; en-GB; no handset  (suspended)" in office.candour("person", "list").output

    assert decide(office, "reinstate", "Tom").exit_code == 0

    assert "(suspended)" not in office.candour("person", "list").output


def test_someone_removed_is_gone_from_the_directory_too(office: Office) -> None:
    told = decide(office, "remove", "Tom")

    assert told.exit_code == 0, told.output
    assert "'candour keys' makes new ones" in told.output
    with store_of(office) as store, store.read() as tx:
        assert len(current_directory(tx).people) == 2
        assert directory_is_due(tx) == ()


def test_the_only_supervisor_cannot_be_removed(office: Office) -> None:
    told = decide(office, "remove", "Rhian", vouches="Eve")

    assert told.exit_code == 1
    assert told.output.startswith("candour: This is the last supervisor")


@pytest.mark.parametrize(("about", "vouches"), [("Rhian", "Rhian"), ("Eve", "Tom")])
def test_nobody_vouches_for_themselves_and_no_handler_for_anyone(office: Office, about: str, vouches: str) -> None:
    told = decide(office, "suspend", about, vouches=vouches)

    assert (
        told.output == "candour: An administrator or a supervisor vouches, and never for a change about themselves.\n"
    )


def test_nothing_is_decided_without_the_root(office: Office) -> None:
    wrong = office.folder / "wrong.txt"
    wrong.write_text("not the passphrase at all", encoding="utf-8")

    told = office.candour("person", "remove", "Tom", "--root-passphrase-file", str(wrong), *by(office, "Rhian"))

    assert told.exit_code == 1
    assert "Tom: handler" in office.candour("person", "list").output


def test_one_person_suspends_at_night_though_the_root_is_elsewhere(administered: Office) -> None:
    (administered.folder / "data-root.key").unlink()

    told = administered.candour("person", "suspend", "Tom", *by(administered, "Rhian"))

    assert told.output == "Tom is suspended. 'candour person reinstate' undoes it.\n"
    assert "Tom: handler; en-GB; no handset  (suspended)" in administered.candour("person", "list").output


def gives(office: Office, *words: str, agreed: tuple[str, ...] = (), vouches: str = "Rhian") -> str:
    return decide(office, *words, *agree(office, *agreed), vouches=vouches).output


def test_a_role_is_given_only_where_two_administrators_agree_and_taken_away_without(administered: Office) -> None:
    given = ("change", "Tom", "--role", "handler", "--role", "administrator")

    nobody = gives(administered, *given)
    one = gives(administered, *given, agreed=("Bea",))
    twice_the_same = gives(administered, *given, agreed=("Bea", "Bea"))
    no_administrator = gives(administered, *given, agreed=("Bea", "Rhian"))
    before = administered.candour("person", "list").output
    two = gives(administered, *given, agreed=("Bea", "Eve"))
    taken_away = gives(administered, "change", "Tom", "--role", "handler")

    assert nobody.startswith("candour: Two different administrators have to vouch for this.")
    assert one == twice_the_same
    assert one.startswith("candour: One more administrator has to vouch for this, ")
    assert no_administrator == "candour: Only an administrator can do this.\n"
    assert "Tom: handler;" in before
    assert two == taken_away == "Tom is changed.\n"


def test_somebody_is_let_back_in_only_where_two_administrators_agree(administered: Office) -> None:
    another = administered.folder / "another.txt"
    another.write_text("whoever types this is Tom", encoding="utf-8")
    decide(administered, "suspend", "Tom")

    letting_in = (
        ("reinstate", "Tom"),
        ("reset-second-factor", "Tom"),
        ("reset-second-factor", "--everyone"),
        ("new-keys", "Tom", "--passphrase-file", str(another)),
    )
    refused = [gives(administered, *words) for words in letting_in]
    agreed = gives(administered, "reinstate", "Tom", agreed=("Eve", "Bea"))

    assert all("to vouch for this" in told for told in refused)
    assert agreed == "Tom may sign in again.\n"


def test_nobody_becomes_one_of_two_administrators_without_the_other(administered: Office) -> None:
    another = administered.folder / "another.txt"
    another.write_text("whoever types this is Eve", encoding="utf-8")
    words = ("new-keys", "Eve", "--passphrase-file", str(another))

    refused = gives(administered, *words)
    by_herself = gives(administered, *words, agreed=("Eve",))
    by_the_other = gives(administered, *words, agreed=("Bea",))

    assert "One more administrator has to vouch" in refused
    assert "One more administrator has to vouch" in by_herself
    assert by_the_other.endswith("Eve has new keys and signs in with the new passphrase.\n")


def test_a_lost_passphrase_means_new_keys_and_says_what_is_lost(office: Office) -> None:
    another = office.folder / "another.txt"
    another.write_text("Tom's other passphrase", encoding="utf-8")

    told = decide(office, "new-keys", "Tom", "--passphrase-file", str(another))

    assert told.exit_code == 0, told.output
    with store_of(office) as store, store.read() as tx:
        opened = vouched(tx, "Tom", "Tom's other passphrase")
        assert current_directory(tx).person(opened.person_id).reader == opened.bundle.reader.public
        assert held(tx, "Tom") == ["desk"]
        with pytest.raises(NotVouchedFor):
            vouched(tx, "Tom", PASSPHRASES["Tom"])


def test_everyones_second_factor_can_be_forgotten_where_the_key_file_is_lost(office: Office) -> None:
    told = decide(office, "reset-second-factor", "--everyone")

    assert told.output.startswith("2 people set up another second factor")


def test_what_two_people_decided_is_in_the_audit_log(office: Office) -> None:
    decide(office, "suspend", "Tom")

    with store_of(office) as store, store.read() as tx:
        rhian, tom = member_named(tx, "Rhian").id, member_named(tx, "Tom").id
        c = audit_entry.c
        entries = tx.execute(select(c.actor_id, c.verb, c.object_id, c.outcome)).all()
    assert (rhian, "person.confirm", tom, "suspend") in [tuple(entry) for entry in entries]


def test_a_name_nobody_has_is_said_so(office: Office) -> None:
    assert decide(office, "suspend", "Nobody").output == "candour: There is no such person.\n"
