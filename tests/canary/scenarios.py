"""What callers, handlers, strangers and bad luck do to an installation: one function each, in one table.

They assert nothing about what callers hear: other tests do. Here every path is walked so that its traces can be sought.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ivr.simulator.faults import Fault
from ivr.simulator.phone import WITHHELD, Handset, Phone
from tests.canary import misfortunes, requests
from tests.canary.installation import Installation
from tests.support.organisation import HANDLER, HANDSETS, KENT
from tests.support.sealed_reports import as_text, draft, facts, release, releasing, review, signed

Scenario = Callable[[Installation], None]

IN_QUEUE: Final = "0"  # the key that leads to a person at once
LONG_SILENCE: Final = 400.0  # seconds: from the first word through the whole menu and several wait pages


# --- the menu ---------------------------------------------------------------------------------------------------------


def silence(it: Installation) -> None:
    it.phone().dial().listen(LONG_SILENCE)


def every_key_at_every_menu(it: Installation) -> None:
    for way in ("", "1", "14", "141", "16", "3", "2", "5"):
        for key in "1234567890*#":
            it.rings(way + key).listen(2).hang_up()


def a_choice_made(it: Installation) -> None:
    it.rings("1411").listen(90).hang_up()


def confidential(it: Installation) -> None:
    it.rings("3311").listen(5).hang_up()


def welsh(it: Installation) -> None:
    it.rings("2").listen(40).hang_up()


def wrong_keys(it: Installation) -> None:
    it.rings("9987#9#9#").listen(60).hang_up()


def leaving_quietly(it: Installation) -> None:
    it.rings("*").listen(30)


def unable_to_speak(it: Installation) -> None:
    it.rings("5").listen(10).press("#*").listen(10)


def hung_up_at_every_second(it: Installation) -> None:
    for second in range(0, 60, 4):
        it.phone().dial().listen(second).hang_up()


def a_number_keyed_in(it: Installation) -> None:
    """Someone types their own number at every menu, and at the wait page."""
    for way in ("", "1", "14", "141", "0"):
        phone = it.rings(way)
        for digit in it.caller.national if it.caller else "0":
            phone.press(digit)
        phone.listen(5).hang_up()


def withheld(it: Installation) -> None:
    for stand_in in WITHHELD:
        Phone.withheld(it.twilio, stand_in).dial().listen(1).press("0").listen(40).hang_up()


def the_number_in_every_parameter(it: Installation) -> None:
    phone = it.phone(requests.also_sent(it.shown)).dial()
    phone.listen(1).press("1").listen(1).press("0").listen(40).press("5").listen(40).hang_up()


# --- the queue and the desk -------------------------------------------------------------------------------------------


def abandoned_in_queue(it: Installation) -> None:
    it.at_work()
    it.rings("0").listen(65)
    it.handler.look()


def left_from_the_queue(it: Installation) -> None:
    it.rings("0").listen(30).press("*").listen(20)


def answered(it: Installation) -> None:
    """A whole call: report drafted, handed in and released, wrapped up, carried to its unit."""
    phone, call = _talking(it, "1411")
    report = _begin_report(it, call)
    for verb in ("hold", "resume"):
        it.handler.ask("POST", f"/calls/{call}/{verb}")
        it.pass_time(5)
        it.handler.look()
    it.handler.ask("PUT", f"/calls/{call}/choices", {"mode": "anonymous", "category": "other", "force_id": "kent"})
    it.handler.ask("POST", f"/calls/{call}/end")
    it.pass_time(20)
    phone.hang_up()
    it.handler.ask("POST", f"/calls/{call}/wrap-up", {"disposition": "report"})
    _release_report(it, *report)


def answered_and_hung_up(it: Installation) -> None:
    phone, _ = _talking(it, "3")
    phone.hang_up()
    it.pass_time(10)
    it.handler.look()


def handset_left_ringing(it: Installation) -> None:
    it.at_work()
    it.rings(IN_QUEUE).listen(5)
    it.take()
    it.pass_time(45)


def handset_declined(it: Installation) -> None:
    it.at_work()
    it.rings(IN_QUEUE).listen(5)
    it.take()
    it.handset.decline()
    it.pass_time(10)


def voicemail(it: Installation) -> None:
    it.at_work()
    it.handset = Handset.voicemail(it.twilio, HANDSETS[HANDLER], answers_after=5)
    it.rings(IN_QUEUE).listen(5)
    it.take()
    it.pass_time(60)


def handset_lost_while_talking(it: Installation) -> None:
    _talking(it, IN_QUEUE)
    it.handset.hang_up()
    it.pass_time(60)
    it.handler.look()


def caller_gone_while_it_rings(it: Installation) -> None:
    it.at_work()
    phone = it.rings(IN_QUEUE).listen(5)
    it.take()
    phone.hang_up()
    it.handset.answer()
    it.pass_time(20)


def offer_declined(it: Installation) -> None:
    it.at_work()
    it.rings(IN_QUEUE).listen(5)
    it.handler.ask("POST", f"/calls/{it.only_call().id}/decline")
    it.handler.look()


def number_at_the_desk(it: Installation) -> None:
    """Somebody at the desk sends the number where it does not belong."""
    it.at_work()
    requests.number_at_the_desk(it)


# --- Twilio's faults --------------------------------------------------------------------------------------------------


def _fault(fault: Fault, where: str = "") -> Scenario:
    def scenario(it: Installation) -> None:
        it.twilio.faults.switch_on(fault, where)
        phone, _ = _talking(it, "14")
        it.handset.hang_up()
        it.pass_time(15)
        phone.hang_up()
        it.pass_time(10)
        it.twilio.faults.switch_off()

    return scenario


# --- steps several of them share --------------------------------------------------------------------------------------


def _talking(it: Installation, keys: str) -> tuple[Phone, str]:
    it.at_work()
    it.supervisor.look()
    phone = it.rings(keys)
    it.pass_time(150 if "0" not in keys else 5)
    call = it.take()
    it.handset.answer()
    it.pass_time(10)
    it.handset.press("1")
    it.wait_until(lambda: it.only_call().state.value == "talking")
    it.handler.look()
    it.supervisor.look()
    return phone, call.id


def _begin_report(it: Installation, call: str) -> tuple[str, str]:
    author = it.handler.member
    message = {"revision": None, "facts": facts().model_dump(mode="json"), "call_id": call,
               "envelope": as_text(draft(it.organisation, author))}  # fmt: skip
    saved = it.handler.ask("POST", "/reports", message).get_json()
    return saved["id"], saved["revision"]


def _release_report(it: Installation, report: str, revision: str) -> None:
    sealed = review(it.organisation)
    said = signed(facts(), sealed, it.handler.member).model_dump(mode="json")
    submitted = {"revision": revision, "facts": said, "envelope": as_text(sealed)}
    saved = it.handler.ask("POST", f"/reports/{report}/submit", submitted).get_json()
    it.supervisor.ask("GET", f"/reports/{report}")
    leaving = release(it.organisation, KENT)
    going = releasing(it.supervisor.member, saved["revision"], KENT, leaving).model_dump(mode="json")
    assert it.supervisor.ask("POST", f"/reports/{report}/release", going).status_code == 200
    while it.courier.step():
        pass
    it.supervisor.look()


SCENARIOS: Final[Mapping[str, Scenario]] = MappingProxyType(
    {
        "silence": silence,
        "every key at every menu": every_key_at_every_menu,
        "a choice made": a_choice_made,
        "confidential": confidential,
        "Welsh": welsh,
        "wrong keys": wrong_keys,
        "leaving quietly": leaving_quietly,
        "unable to speak": unable_to_speak,
        "hung up at every second": hung_up_at_every_second,
        "a number keyed in": a_number_keyed_in,
        "withheld in every way": withheld,
        "the number in every parameter": the_number_in_every_parameter,
        "abandoned in the queue": abandoned_in_queue,
        "left from the queue": left_from_the_queue,
        "answered, reported, delivered": answered,
        "answered and hung up": answered_and_hung_up,
        "handset left ringing": handset_left_ringing,
        "handset declined": handset_declined,
        "voicemail": voicemail,
        "handset lost while talking": handset_lost_while_talking,
        "caller gone while it rings": caller_gone_while_it_rings,
        "offer declined": offer_declined,
        "the number sent to the desk": number_at_the_desk,
        **{f"Twilio's fault: {fault.value}": _fault(fault) for fault in
           (Fault.REPEAT_WEBHOOK, Fault.DELAY, Fault.DUPLICATE, Fault.REORDER)},
        "Twilio's fault: lost callbacks": _fault(Fault.DROP, "/voice/status"),
        "Twilio's fault: deletion too soon": _fault(Fault.DELETE_TOO_SOON),
        **requests.SCENARIOS,
        **misfortunes.SCENARIOS,
    }
)  # fmt: skip

# What comes of these depends on keys pressed or messages sent by people's own choice, and here they send the number.
CHOSEN_BY_PEOPLE: Final = frozenset({"a number keyed in", "the number sent to the desk"})
# Addresses of other lengths, in which the number is sent, are read to different ends.
CHOSEN_BY_LENGTH: Final = frozenset({"the number in addresses"})

# Enough of them to see within a minute that the canary lives: every way in, one failure of each kind.
SHORT: Final = (
    "wrong keys",
    "a number keyed in",
    "withheld in every way",
    "the number in every parameter",
    "answered, reported, delivered",
    "handset lost while talking",
    "signatures that are wrong",
    "methods that are wrong",
    "a request too large",
    "the number in addresses",
    "parameters twice",
    "an exception in every handler",
    "an exception at the edge",
    "REST errors that hold the number",
)
# Where the database makes a difference to what is left behind.
SHORT_ON_POSTGRESQL: Final = (
    "the number in every parameter",
    "answered, reported, delivered",
    "a store that cannot be written",
    "a full disk",
    "a store that is gone",
)
