"""Who is asked next, on both databases."""

from typing import Any

from shared.domain import calls
from shared.domain.offers import distribute
from shared.domain.presence import presence_of, set_presence, sign_out_presence
from shared.domain.vocabulary import Language, PresenceState
from shared.store.schema import presence


def offered(line: Any, call: Any) -> str | None:
    found: str | None = line.call(call.call_sid).offered_to
    return found


def test_the_one_available_longest_is_asked_first(line: Any) -> None:
    first = line.available("Zara")
    line.clock.advance(1)
    line.available("Asha")

    assert offered(line, line.waiting()) == first


def test_nobody_is_asked_about_two_calls_at_once(line: Any) -> None:
    handler = line.available("Asha")

    first, second = line.waiting(), line.waiting()

    assert (offered(line, first), offered(line, second)) == (handler, None)


def test_the_head_of_the_queue_comes_first(line: Any) -> None:
    line.waiting()
    line.clock.advance(1)
    unable = line.waiting(unable_to_speak=True)

    handler = line.available("Asha")

    assert offered(line, unable) == handler


def test_a_caller_who_says_by_key_that_they_cannot_speak_comes_before_those_who_can(line: Any) -> None:
    line.waiting()
    line.clock.advance(1)
    unable = line.waiting()

    line.do(calls.caller_cannot_speak, unable.call_sid)
    handler = line.available("Asha")

    assert offered(line, unable) == handler


def test_a_welsh_call_is_offered_to_a_welsh_speaker(line: Any) -> None:
    line.available("Asha")
    line.clock.advance(1)
    both = line.available("Bryn", (Language.EN, Language.CY))

    assert offered(line, line.waiting(Language.CY)) == both


def test_an_offer_not_taken_in_time_moves_on_and_its_person_counts_as_away(line: Any) -> None:
    first = line.available("Asha")
    line.clock.advance(1)
    second = line.available("Bryn")
    call = line.waiting()
    line.clock.advance(20)

    line.do(distribute, line.now)

    assert offered(line, call) == second
    with line.store.read() as tx:
        assert presence_of(tx, first).state is PresenceState.MISSED


def test_an_offer_to_someone_who_goes_on_a_break_moves_on_at_once(line: Any) -> None:
    first = line.available("Asha")
    line.clock.advance(1)
    second = line.available("Bryn")
    call = line.waiting()

    line.is_now(first, PresenceState.BREAK)

    assert offered(line, call) == second


def test_a_call_everyone_passed_is_offered_again_after_a_pause_and_not_before(line: Any) -> None:
    handler = line.available("Asha")
    call = line.waiting()
    line.do(calls.decline_call, call.id, handler, line.now)

    line.clock.advance(14)
    line.do(distribute, line.now)
    too_soon = offered(line, call)
    line.clock.advance(1)
    line.do(distribute, line.now)

    assert (too_soon, offered(line, call)) == (None, handler)


def test_someone_who_comes_back_from_having_missed_a_call_is_asked_again(line: Any) -> None:
    handler = line.available("Asha")
    call = line.waiting()
    line.clock.advance(40)
    line.do(distribute, line.now)
    line.is_now(handler, PresenceState.AVAILABLE)
    line.clock.advance(15)

    line.do(distribute, line.now)

    assert offered(line, call) == handler


def test_someone_without_a_handset_or_no_longer_active_is_not_asked(line: Any) -> None:
    for name, values in (("Asha", {"handset": None}), ("Bryn", {"active": False})):
        who = line.enrol(name, **values)
        with line.store.begin() as tx:
            tx.execute(presence.insert().values(person_id=who, state=PresenceState.AVAILABLE, since=line.now))

    assert offered(line, line.waiting()) is None


def test_saying_available_again_keeps_ones_place(line: Any) -> None:
    first = line.available("Asha")
    line.clock.advance(1)
    line.available("Bryn")
    line.clock.advance(1)

    line.do(set_presence, first, PresenceState.AVAILABLE, line.now)

    assert offered(line, line.waiting()) == first


def test_signing_out_keeps_a_call_in_hand(line: Any) -> None:
    handler, other = line.available("Asha"), line.available("Bryn")
    call = line.talking(handler)

    line.do(sign_out_presence, handler, line.now)
    line.do(sign_out_presence, other, line.now)

    assert line.call(call.call_sid).handler_id == handler
    with line.store.read() as tx:
        assert presence_of(tx, handler).state is PresenceState.ON_CALL
        assert presence_of(tx, other).state is PresenceState.OFFLINE


def test_a_clock_that_is_set_back_keeps_no_caller_with_somebody_who_is_not_there(line: Any) -> None:
    line.available("Asha")
    line.clock.advance(1)
    second = line.available("Bryn")
    call = line.waiting()
    line.clock.advance(-86_400)

    line.do(distribute, line.now)

    assert offered(line, call) == second


def test_a_call_everyone_passed_before_a_clock_was_set_back_is_offered_again(line: Any) -> None:
    only = line.available("Asha")
    call = line.waiting()
    line.clock.advance(20)
    line.do(distribute, line.now)
    line.clock.advance(-86_400)

    line.do(set_presence, only, PresenceState.AVAILABLE, line.now)
    line.do(distribute, line.now)

    assert offered(line, call) == only
