"""What goes wrong on real telephone lines, and the tests that hold each of it, by name."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

FIELD: dict[int, tuple[str, tuple[str, ...]]] = {
    1: ("the caller hangs up while the handset rings, and the handler is left with music", (
        "test_a_caller_who_hangs_up_while_the_handset_rings_frees_the_handler",
        "test_a_handler_who_presses_1_after_the_caller_has_gone_is_told_so",
    )),
    2: ("nobody is on duty, and it rings for ever", (
        "test_with_everyone_away_a_caller_is_told_at_once",
        "test_a_waiting_caller_learns_when_the_last_handler_has_gone",
    )),
    3: ("a wait of an hour, the overflow never reached", ("test_a_wait_has_an_end",)),
    4: ("answered in the same second as hung up", (
        "test_answered_in_the_same_second_as_hung_up_is_one_call_and_nobody_hears_music",
    )),
    5: ("the caller's number on a screen, in a notification, in a log; the screen is the console's", (
        "test_after_calls_of_every_kind_the_number_is_nowhere",
        "test_a_number_in_every_parameter_goes_nowhere",
        "test_what_is_handed_on_has_no_place_for_a_number",
    )),
    6: ("signatures fail behind a proxy, and every call is dead", (
        "test_a_proxy_that_renames_host_scheme_and_port_leaves_every_signature_right",
        "test_the_signature_covers_the_query_and_the_configured_address",
    )),
    7: ("keys are lost on a redirect", (
        "test_no_webhook_goes_through_a_redirect_on_which_twilio_would_lose_the_key",
        "test_keys_lost_on_the_way_count_as_silence_and_silence_leads_to_a_person",
    )),
    8: ("a Gather without an action loops", (
        "test_every_gather_names_its_action_no_conference_beeps_and_no_dial_shows_the_caller",
    )),
    9: ("the queue's action counts a call as abandoned when we moved it", (
        "test_a_caller_whom_we_moved_out_of_the_queue_is_not_counted_as_abandoned",
    )),
    10: ("late or doubled callbacks bring a finished call back", (
        "test_a_late_report_never_brings_a_finished_call_back",
        "test_a_doubled_late_or_reordered_callback_neither_loses_nor_revives_a_call",
    )),
    11: ("the first participant decides the conference's callbacks", (
        "test_the_handlers_conference_reports_and_the_callers_dial_asks_what_follows",
    )),
    12: ("the conference beeps", (
        "test_every_gather_names_its_action_no_conference_beeps_and_no_dial_shows_the_caller",
    )),
    13: ("the conference's end during hold, or with the wrong participant", (
        "test_the_conference_ends_with_the_handler_and_not_with_the_caller",
        "test_a_handler_lost_while_the_caller_holds_brings_them_to_the_head",
        "test_a_caller_alone_in_a_conference_unreported_is_fetched_back_to_the_head_of_the_queue",
    )),
    14: ("presence is stuck, or forced by the system; the console shows it, the rules hold it", (
        "test_signing_in_again_in_the_middle_of_work_does_not_change_presence",
        "test_a_handler_alone_in_a_conference_unreported_is_left_to_wrap_up",
    )),
    15: ("the console's form is not cleared between callers", (
        "test_a_whole_report_is_submitted_and_the_form_is_empty",
    )),
    16: ("the wrap-up is lost when the console closes", ("test_signing_out_keeps_a_call_in_hand",)),
}  # fmt: skip


@pytest.fixture(scope="module")
def there_are() -> frozenset[str]:
    return frozenset(_names())


def _names() -> Iterator[str]:
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield node.name


def test_nothing_that_goes_wrong_in_the_field_is_left_out() -> None:
    assert list(FIELD) == list(range(1, 17))


@pytest.mark.parametrize("item", FIELD)
def test_each_of_it_is_held_by_tests_that_are_there(item: int, there_are: frozenset[str]) -> None:
    _, tests = FIELD[item]

    assert tests
    assert set(tests) <= there_are
