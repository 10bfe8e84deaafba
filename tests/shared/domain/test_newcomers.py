"""People on their way in: words that are good once, keys kept whole or not at all, and nothing else until then."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from shared.domain.enrolment_errors import (
    EnrolmentExpired,
    EnrolmentRefused,
    EnrolmentUsed,
    FirstKeysRefused,
    NewcomerNotFound,
    NoKeysYet,
    WaitsToBeConfirmed,
    WordsGivenOut,
)
from shared.domain.errors import NameTaken
from shared.domain.key_changes import proposed_directory
from shared.domain.newcomers import (
    WORDS_LAST,
    FirstKeys,
    begin_enrolment,
    invite,
    keep_first_keys,
    newcomer_named,
    turn_away,
    vouch_for_keys,
)
from shared.domain.passphrases import NewPassphrase
from shared.domain.people import Particulars, members
from shared.domain.signing_in import (
    TRIES,
    Presented,
    bundle_of_newcomer,
    set_up_second_factor,
    sign_in,
    sign_in_parameters,
)
from shared.domain.standing import remove
from shared.domain.vocabulary import Language, Role
from shared.sealing.enrolling import enrolment_proof, new_enrolment_words, person_words
from shared.sealing.keys import ReaderKey, SigningKey
from shared.sealing.sign_in import Cost, fake_parameters, new_parameters
from shared.store.database import Store
from shared.store.schema import newcomer, newcomer_vouch, person_role
from tests.support.door import KEY
from tests.support.organisation import (
    ADMINISTRATOR,
    AUDITOR,
    CHEAP,
    HANDLER,
    SUPERVISOR,
    Organisation,
    found_organisation,
)

TEGAN = Particulars("Tegan", (Role.HANDLER,), (Language.EN, Language.CY), "+442079460199")
RIGHT, WRONG = b"k" * 32, b"w" * 32


@dataclass
class Entrance:
    """Drives the rules as an installer, a newcomer's console and administrators do."""

    store: Store
    organisation: Organisation
    clock: Any

    def do(self, act: Any, *given: Any, **named: Any) -> Any:
        with self.store.begin() as tx:
            return act(tx, *given, **named)

    def invited(self, told: Particulars = TEGAN, *, anew: bool = False) -> bytes:
        words = self.do(invite, told, self.clock(), anew=anew).words
        return enrolment_proof(" ".join(words))

    def keep(self, proof: bytes, made: FirstKeys, least: Cost = CHEAP) -> None:
        self.do(keep_first_keys, TEGAN.name, proof, made, least, self.clock())

    def waiting(self) -> Any:
        self.keep(self.invited(), made())
        return self.do(newcomer_named, TEGAN.name)


@pytest.fixture
def entrance(store: Store, clock: Any) -> Entrance:
    return Entrance(store, found_organisation(store), clock)


def made() -> FirstKeys:
    under = NewPassphrase(new_parameters(CHEAP), RIGHT, b"wrapped" + new_parameters(CHEAP).salt)
    return FirstKeys(under, ReaderKey.generate().public, SigningKey.generate().public)


def test_an_account_shows_in_nothing_until_its_owner_has_made_the_keys(entrance: Entrance) -> None:
    proof, before = entrance.invited(), entrance.do(members)

    shown = entrance.do(sign_in_parameters, TEGAN.name, CHEAP)
    answer = entrance.do(sign_in, Presented(TEGAN.name, RIGHT), entrance.clock())

    assert answer is None
    assert shown == fake_parameters(TEGAN.name, b"\7" * 32, CHEAP)
    assert entrance.do(begin_enrolment, "tegan", proof, entrance.clock()) == entrance.do(newcomer_named, "TEGAN").id
    assert entrance.do(members) == before


def test_other_words_and_another_name_meet_one_answer(entrance: Entrance) -> None:
    proof = entrance.invited()

    for name, shown in ((TEGAN.name, enrolment_proof(" ".join(new_enrolment_words()))), ("Nobody", proof)):
        with pytest.raises(EnrolmentRefused):
            entrance.do(begin_enrolment, name, shown, entrance.clock())


def test_words_are_good_for_a_day(entrance: Entrance) -> None:
    proof = entrance.invited()

    entrance.clock.now += WORDS_LAST - timedelta(seconds=1)
    entrance.do(begin_enrolment, TEGAN.name, proof, entrance.clock())
    entrance.clock.now += timedelta(seconds=1)

    assert timedelta(hours=24) == WORDS_LAST
    with pytest.raises(EnrolmentExpired):
        entrance.keep(proof, made())
    assert entrance.do(newcomer_named, TEGAN.name).reader is None


def test_words_are_good_once_and_their_owner_is_told_if_somebody_was_quicker(entrance: Entrance) -> None:
    proof, thiefs = entrance.invited(), made()

    entrance.keep(proof, thiefs)

    with pytest.raises(EnrolmentUsed):
        entrance.do(begin_enrolment, TEGAN.name, proof, entrance.clock())
    with pytest.raises(EnrolmentUsed):
        entrance.keep(proof, made())
    assert entrance.do(newcomer_named, TEGAN.name).reader == thiefs.reader


def test_the_same_keys_sent_again_are_kept_already(entrance: Entrance) -> None:
    proof, first = entrance.invited(), made()

    entrance.keep(proof, first)
    entrance.keep(proof, first)

    waiting = entrance.do(newcomer_named, TEGAN.name)
    assert waiting.words == person_words(waiting.id, first.reader, first.verify)


def test_keys_under_a_cheaper_passphrase_than_asked_are_not_kept(entrance: Entrance) -> None:
    with pytest.raises(FirstKeysRefused):
        entrance.keep(entrance.invited(), made(), least=replace(CHEAP, iterations=CHEAP.iterations + 1))

    assert entrance.do(newcomer_named, TEGAN.name).reader is None


def test_whoever_waits_is_shown_their_own_keys_and_nothing_else(entrance: Entrance) -> None:
    waiting = entrance.waiting()
    shown = Presented(TEGAN.name, RIGHT)

    with pytest.raises(WaitsToBeConfirmed):
        entrance.do(sign_in, shown, entrance.clock())
    with pytest.raises(WaitsToBeConfirmed):
        entrance.do(sign_in, shown, entrance.clock(), KEY)
    with pytest.raises(WaitsToBeConfirmed):
        entrance.do(set_up_second_factor, shown, entrance.clock(), KEY)

    assert entrance.do(bundle_of_newcomer, shown, entrance.clock())[0] == waiting.id
    assert waiting.id not in {one.id for one in entrance.do(members)}
    assert waiting.id not in {one.id for one in entrance.do(proposed_directory, entrance.clock().date()).people}


def test_guessing_at_a_newcomers_passphrase_locks_it(entrance: Entrance) -> None:
    entrance.waiting()

    for _ in range(TRIES):
        assert entrance.do(sign_in, Presented(TEGAN.name, WRONG), entrance.clock()) is None

    assert entrance.do(bundle_of_newcomer, Presented(TEGAN.name, RIGHT), entrance.clock()) is None
    assert entrance.do(sign_in, Presented(TEGAN.name, RIGHT), entrance.clock()) is None
    entrance.clock.now += timedelta(minutes=15)
    assert entrance.do(bundle_of_newcomer, Presented(TEGAN.name, RIGHT), entrance.clock()) is not None


def test_a_name_is_given_once_but_lost_words_can_be_made_anew(entrance: Entrance) -> None:
    lost = entrance.invited()
    with pytest.raises(WordsGivenOut):
        entrance.invited()
    again = entrance.invited(anew=True)

    with pytest.raises(EnrolmentRefused):
        entrance.do(begin_enrolment, TEGAN.name, lost, entrance.clock())
    entrance.keep(again, made())
    for taken in (TEGAN, replace(TEGAN, name=HANDLER.upper())):
        with pytest.raises(NameTaken):
            entrance.invited(taken)


def test_words_that_were_given_out_stay_good_until_new_ones_are_asked_for_or_their_day_is_over(
    entrance: Entrance,
) -> None:
    given = entrance.invited()

    with pytest.raises(WordsGivenOut):
        entrance.invited(replace(TEGAN, name=TEGAN.name.upper()))

    assert entrance.do(begin_enrolment, TEGAN.name, given, entrance.clock())
    entrance.clock.now += WORDS_LAST
    assert entrance.invited() != given


def test_an_administrator_vouches_for_keys_once_and_not_before_there_are_any(entrance: Entrance) -> None:
    owen = entrance.organisation.members[ADMINISTRATOR].id
    proof = entrance.invited()
    with pytest.raises(NoKeysYet):
        entrance.do(vouch_for_keys, owen, entrance.do(newcomer_named, TEGAN.name).id, entrance.clock())

    entrance.keep(proof, made())
    waiting = entrance.do(newcomer_named, TEGAN.name)
    entrance.do(vouch_for_keys, owen, waiting.id, entrance.clock())
    entrance.do(vouch_for_keys, owen, waiting.id, entrance.clock())

    assert entrance.do(newcomer_named, TEGAN.name).vouched_by == {owen}


def test_a_newcomer_who_is_turned_away_leaves_nothing_and_can_begin_anew(entrance: Entrance) -> None:
    owen, waiting = entrance.organisation.members[ADMINISTRATOR].id, entrance.waiting()
    entrance.do(vouch_for_keys, owen, waiting.id, entrance.clock())

    entrance.do(turn_away, owen, waiting.id, entrance.clock())

    with entrance.store.read() as tx:
        assert tx.execute(select(newcomer)).all() == tx.execute(select(newcomer_vouch)).all() == []
    with pytest.raises(NewcomerNotFound):
        entrance.do(turn_away, owen, waiting.id, entrance.clock())
    assert entrance.waiting().vouched_by == frozenset()


def test_an_administrator_who_is_removed_has_vouched_for_nobody(entrance: Entrance) -> None:
    waiting, leaver = entrance.waiting(), entrance.organisation.members[AUDITOR].id
    with entrance.store.begin() as tx:
        for name in (AUDITOR, SUPERVISOR):
            tx.execute(
                insert(person_role),
                {"person_id": entrance.organisation.members[name].id, "role": Role.ADMINISTRATOR},
            )
    entrance.do(vouch_for_keys, leaver, waiting.id, entrance.clock())

    entrance.do(remove, leaver, entrance.clock())

    assert entrance.do(newcomer_named, TEGAN.name).vouched_by == frozenset()
