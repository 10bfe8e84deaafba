"""``candour person add`` and ``confirm``: an account, words for its owner, and two who heard the words of the keys."""

import re
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from console.first_keys import make_first_keys
from ivr.taking_in import take_in
from shared.domain.enrolment_errors import EnrolmentRefused, NewcomerNotFound
from shared.domain.newcomers import (
    FirstKeys,
    begin_enrolment,
    keep_first_keys,
    newcomer_named,
    turn_away,
    vouch_for_keys,
)
from shared.domain.passphrases import NewPassphrase
from shared.domain.people import current_directory, member_named, role_keys_of
from shared.domain.vocabulary import Language, Role
from shared.enrolment_messages import EnrolmentBegun
from shared.people_messages import PersonFacts
from shared.sealing.canonical import from_base64url
from shared.sealing.enrolling import enrolment_proof
from shared.sealing.keys import ReaderPublicKey
from shared.sealing.sign_in import SignInParameters
from shared.sealing.verify_key import VerifyKey
from shared.sealing.words import lines_of_four
from shared.store.database import Store, open_store
from tests.support.office import Office, by, copied
from tests.support.organisation import CHEAP

NOA, THEIR_OWN = "Noa", "known to Noa and to nobody"


@pytest.fixture(scope="module")
def staffed_once(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Two administrators, and an account for somebody who is to be a handler."""
    office = Office(tmp_path_factory.mktemp("newcomers"))
    assert office.found().exit_code == 0
    for name in ("Eve", "Tom"):
        told = office.take_in(name, "--role", "administrator")
        assert told.exit_code == 0, told.output
    return office


@pytest.fixture
def office(staffed_once: Office, tmp_path: Path) -> Office:
    return copied(staffed_once, tmp_path)


def store_of(office: Office) -> "closing[Store]":
    return closing(open_store(f"sqlite:///{office.data / 'candour.db'}"))


def account(office: Office, role: str = "handler") -> str:
    """The words that were printed for its owner."""
    told = office.candour("person", "add", NOA, "--role", role, "--handset", "+44 20 7946 0123")
    assert told.exit_code == 0, told.output
    return " ".join(line.strip() for line in told.output.splitlines() if re.fullmatch(r"  [a-z]+( [a-z]+){3}", line))


def first_sign_in(office: Office, words: str) -> tuple[str, ...]:
    """What the owner's console does. Gives the words it shows."""
    proof, now = enrolment_proof(words), datetime.now(UTC)
    with store_of(office) as store, store.begin() as tx:
        begun = EnrolmentBegun(person_id=begin_enrolment(tx, NOA, proof, now), memory_kib=8, iterations=1, lanes=1)
        made = make_first_keys(NOA, proof, THEIR_OWN, begun, CHEAP)
        told = made.message
        parameters = SignInParameters(from_base64url(told.salt), told.memory_kib, told.iterations, told.lanes)
        bundle = from_base64url(told.private_bundle)
        keys = FirstKeys(
            NewPassphrase(parameters, from_base64url(told.authentication_key), bundle),
            ReaderPublicKey(from_base64url(told.reader)),
            VerifyKey(from_base64url(told.verify)),
        )
        keep_first_keys(tx, NOA, proof, keys, CHEAP, now)
    return made.words


def administrators(office: Office, *names: str) -> tuple[str, ...]:
    given = (("--administrator", name, "--administrator-passphrase-file", office.passphrase(name)) for name in names)
    return tuple(word for words in given for word in words)


def confirm(office: Office, *words: str, typed: str | None = None) -> str:
    root = ("--root-passphrase-file", office.passphrase("root"))
    return office.candour("person", "confirm", "noa", *root, *by(office, "Rhian"), *words, typed=typed).output


def test_the_first_administrator_comes_in_as_init_says_next_by_the_roots_keeper_alone(tmp_path: Path) -> None:
    office = Office(tmp_path)
    founded = office.found()
    first_sign_in(office, account(office, "administrator"))

    told = office.candour(
        "person", "confirm", NOA, "--yes", "--root-passphrase-file", office.passphrase("root"), typed=""
    )

    assert "Next: two administrators" in founded.output
    assert f"candour --config {office.data / 'config.toml'} person add NAME --role administrator" in founded.output
    assert f"candour --config {office.data / 'config.toml'} person confirm NAME" in founded.output
    assert told.output.endswith("Noa is taken in, and signs in with the passphrase they chose.\n")


def test_an_account_is_made_without_root_or_passphrase_and_its_words_are_kept_nowhere(office: Office) -> None:
    words = account(office)

    assert len(words.split()) == 12
    held = b"".join(path.read_bytes() for path in office.data.rglob("*") if path.is_file())
    assert words.split()[0].encode() + b" " + words.split()[1].encode() not in held
    assert "Noa: handler; on their way in: no first sign-in yet" in office.candour("person", "list").output
    refused = office.candour("person", "confirm", NOA, "--yes").output
    assert refused == "candour: They have not signed in for the first time yet, so there is nothing to confirm.\n"


def test_what_belongs_to_confirming_is_not_taken_and_forgotten(office: Office) -> None:
    told = office.candour("person", "add", NOA, "--role", "auditor", "--by", "Rhian")

    assert told.exit_code == 2
    assert "candour person confirm" in told.output


def test_two_administrators_who_heard_the_words_a_supervisor_and_the_root_take_somebody_in(office: Office) -> None:
    shown = first_sign_in(office, account(office))

    typed = "y\ny\n"
    told = confirm(office, *administrators(office, "Eve", "Tom"), typed=typed)

    assert all(f"  {line}\n" in told for line in lines_of_four(shown))
    assert "Eve: have you heard Noa read out just these words" in told
    assert told.endswith("Noa is taken in, and signs in with the passphrase they chose.\n")
    assert THEIR_OWN not in told
    with store_of(office) as store, store.read() as tx:
        noa = member_named(tx, NOA)
        assert [key.role for key in role_keys_of(tx, noa.id)] == ["desk"]
        assert current_directory(tx).person(noa.id).roles == ("handler",)
    assert "on their way in" not in office.candour("person", "list").output


def test_whoever_did_not_hear_the_words_stops_it(office: Office) -> None:
    first_sign_in(office, account(office))

    told = confirm(office, *administrators(office, "Eve", "Tom"), typed="y\nn\n")

    assert told.endswith("Aborted!\n")
    with store_of(office) as store, store.read() as tx:
        assert newcomer_named(tx, NOA).words


def test_one_administrator_is_not_enough_and_one_who_said_so_at_the_desk_counts(office: Office) -> None:
    first_sign_in(office, account(office))

    before_any_passphrase = office.candour("person", "confirm", NOA, "--yes", "--administrator", "Eve").output
    alone = confirm(office, *administrators(office, "Eve"), "--yes")
    with store_of(office) as store, store.begin() as tx:
        tom = member_named(tx, "Tom").id
        vouch_for_keys(tx, tom, newcomer_named(tx, NOA).id, datetime.now(UTC))
    with_another = confirm(office, *administrators(office, "Eve"), "--yes")

    assert "candour: One more administrator has to vouch for this, one whom it is not about" in alone
    assert "One more administrator has to vouch for this" in before_any_passphrase
    assert "Heard at the desk by: Tom" in with_another
    assert with_another.endswith("signs in with the passphrase they chose.\n")


def test_two_who_said_so_at_the_desk_are_not_asked_for_again(office: Office) -> None:
    first_sign_in(office, account(office))
    with store_of(office) as store, store.begin() as tx:
        for name in ("Eve", "Tom"):
            vouch_for_keys(tx, member_named(tx, name).id, newcomer_named(tx, NOA).id, datetime.now(UTC))

    told = confirm(office)

    assert "have you heard" not in told
    assert told.endswith("signs in with the passphrase they chose.\n")


def test_words_that_were_given_out_stay_good_unless_new_ones_are_asked_for(office: Office) -> None:
    first = account(office)
    again = ("person", "add", NOA, "--role", "handler")

    refused = office.candour(*again)
    anew = office.candour(*again, "--anew")

    assert refused.exit_code == 1
    assert "with words that are still good. Nothing was changed." in refused.output
    assert "--anew" in refused.output
    assert anew.exit_code == 0
    with pytest.raises(EnrolmentRefused):
        first_sign_in(office, first)


def test_keys_that_wait_for_an_offline_root_are_read_there_in_the_same_words(office: Office) -> None:
    shown = first_sign_in(office, account(office))

    told = confirm(office, *administrators(office, "Eve", "Tom"), "--yes", "--later")
    request = office.candour("keys", "export", str(office.folder / "request.json")).output

    assert told.endswith("Noa waits for the root's signature: 'candour keys export'.\n")
    assert f"Their words: {' '.join(shown)}" in request


def test_a_newcomer_whose_words_were_stolen_is_turned_away(office: Office) -> None:
    first_sign_in(office, account(office))

    told = office.candour("person", "turn-away", "NOA")

    assert told.output == "Noa is turned away. Nothing of theirs is kept.\n"
    assert len(account(office).split()) == 12


def test_a_newcomer_who_is_turned_away_while_the_words_are_read_out_is_not_taken_in(office: Office) -> None:
    first_sign_in(office, account(office))
    with store_of(office) as store, store.begin() as tx:
        coming = newcomer_named(tx, NOA)
        turn_away(tx, "command", coming.id, datetime.now(UTC))

        with pytest.raises(NewcomerNotFound):
            take_in(tx, coming, (), (), None, datetime.now(UTC).date())


@pytest.mark.parametrize("name", ["Noa\x1b[8m", "Noa has these words:\n  apron broom", "Noa\u202e", " "])
def test_a_name_that_could_change_what_a_screen_shows_is_nobodys(office: Office, name: str) -> None:
    told = office.candour("person", "add", name, "--role", "handler")

    assert told.exit_code == 2
    assert "on one line" in told.output
    with pytest.raises(ValidationError):
        PersonFacts(name=name, roles=(Role.HANDLER,), languages=(Language.EN,))
