"""The documents Twilio gets: well-formed, absolute, without a number, and always with a way on."""

from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.line import twiml
from ivr.line.menu import GOODBYE, LEFT, QUEUE, QUEUE_AGAIN, QUEUE_HANDED_ON, WELCOME, Nodes, nodes
from ivr.line.place import Place
from ivr.line.prompts import Prompts, load_prompts
from ivr.line.urls import LineUrls
from shared.domain.forces import FORCES, REGIONS
from shared.domain.vocabulary import Language, Mode

LINE_NUMBER = "+441134960000"  # Ofcom's drama range
URLS = LineUrls("https://line.example")
PROMPTS = load_prompts()
TABLE = nodes(welsh_reviewed=True)
ADDRESSES = ("action", "waitUrl", "statusCallback")

PLACES = st.builds(
    Place,
    node=st.sampled_from(sorted(TABLE)),
    language=st.sampled_from(Language),
    mode=st.sampled_from(Mode),
    region=st.sampled_from(["", *REGIONS]),
    force=st.sampled_from(["", *FORCES]),
    unable_to_speak=st.booleans(),
    mistaken=st.booleans(),
)
DIALS = {
    "handler": lambda text: twiml.handler_into_conference(text, text, "https://line.example/c", LINE_NUMBER),
    "caller": lambda text: twiml.caller_into_conference(text, text, "https://line.example/a", LINE_NUMBER),
}


def parse(document: str) -> ElementTree.Element:
    assert document.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    return ElementTree.fromstring(document.encode())  # noqa: S314 -- our own document


def only(root: ElementTree.Element, verb: str) -> ElementTree.Element:
    (element,) = root.iter(verb)
    return element


def said(document: str) -> list[str]:
    return [say.text or "" for say in parse(document).iter("Say")]


def every_document(prompts: Prompts) -> Iterator[str]:
    for name, node in TABLE.items():
        for language in Language:
            place = Place(node=name, language=language, region="south-east", force="kent")
            yield twiml.speak(place, node, URLS, prompts)
            yield from (twiml.wait_page(place, node, rounds, URLS, prompts) for rounds in range(4))
    yield from (dial("x") for dial in DIALS.values())
    yield twiml.handset_offer(URLS.handset_key(order="1"), prompts)
    yield from (twiml.hold(prompts), twiml.caller_gone(prompts), twiml.empty(), twiml.hang_up())
    yield from (twiml.refusal(prompts), twiml.apology(prompts), twiml.apology(prompts, then=URLS.step(Place())))


def test_every_address_is_absolute_and_every_method_is_post(reviewed_prompts: Prompts) -> None:
    elements = [element for document in every_document(reviewed_prompts) for element in parse(document).iter()]
    given_to_twilio = [element.get(name) for element in elements for name in ADDRESSES if element.get(name)]
    redirects = [element.text for element in elements if element.tag == "Redirect"]

    assert len(given_to_twilio) > 50
    assert all(str(url).startswith("https://line.example/") for url in [*given_to_twilio, *redirects])
    for element in elements:
        assert all(value == "POST" for name, value in element.items() if name.lower().endswith("method"))
        for name, method in (
            ("action", "method"),
            ("waitUrl", "waitUrlMethod"),
            ("statusCallback", "statusCallbackMethod"),
        ):
            assert not element.get(name) or element.get(method) == "POST"
        assert element.tag != "Redirect" or element.get("method") == "POST"


def test_no_telephone_number_but_the_lines_own_is_in_any_document(reviewed_prompts: Prompts) -> None:
    for document in every_document(reviewed_prompts):
        runs = "".join(character if character.isdigit() else " " for character in document.replace(LINE_NUMBER, ""))
        assert max(map(len, runs.split()), default=0) < 3


@pytest.mark.parametrize("kind", DIALS)
def test_every_dial_shows_the_lines_own_number_and_records_nothing(kind: str) -> None:
    dial = only(parse(DIALS[kind]("room")), "Dial")

    assert dial.get("callerId") == LINE_NUMBER
    assert dial.get("record") == "do-not-record"


def test_no_document_dials_without_a_caller_id(reviewed_prompts: Prompts) -> None:
    dials = [dial for document in every_document(reviewed_prompts) for dial in parse(document).iter("Dial")]

    assert len(dials) == len(DIALS)
    assert all(dial.get("callerId") for dial in dials)


def test_every_say_names_a_voice_of_its_language(reviewed_prompts: Prompts) -> None:
    voices = {
        (say.get("language"), say.get("voice"))
        for document in every_document(reviewed_prompts)
        for say in parse(document).iter("Say")
    }

    assert voices == {("en-GB", "Polly.Amy-Neural"), ("cy-GB", "Polly.Gwyneth")}


@given(PLACES, st.integers(0, 50))
def test_any_place_is_a_document_with_a_way_on(place: Place, rounds: int) -> None:
    spoken = parse(twiml.speak(place, TABLE[place.node], URLS, PROMPTS))
    waited = parse(twiml.wait_page(place, TABLE[place.node], rounds, URLS, PROMPTS))

    assert spoken[-1].tag in {"Redirect", "Enqueue", "Hangup"}
    assert waited[-1].tag in {"Gather", "Leave"}


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_what_xml_cannot_carry_is_left_out(text: str) -> None:
    for dial in DIALS.values():
        parse(dial(text))
    parse(twiml.refusal(load_prompts(online=text.replace("{", "").replace("}", ""))))


def test_control_characters_and_lone_surrogates_are_dropped_and_markup_is_escaped() -> None:
    document = DIALS["caller"]("a\x00b\x0b\ufffe\ud800<c>&")

    assert only(parse(document), "Conference").text == "ab<c>&"


def test_a_menu_listens_for_one_key_and_reports_silence(table: Nodes, urls: LineUrls, prompts: Prompts) -> None:
    gather = only(parse(twiml.speak(Place(), table[WELCOME], urls, prompts)), "Gather")

    assert gather.attrib == {
        "action": "https://line.example/voice/step",
        "actionOnEmptyResult": "true",
        "finishOnKey": "",
        "input": "dtmf",
        "method": "POST",
        "numDigits": "1",
        "timeout": "7",
    }


def test_callers_at_the_same_menu_keep_their_own_choices(table: Nodes, urls: LineUrls, prompts: Prompts) -> None:
    places = [Place(node="category", mode=mode, tries=tries) for mode in Mode for tries in range(2)]

    documents = [parse(twiml.speak(place, table["category"], urls, prompts)) for place in places]

    assert [only(document, "Gather").get("action") for document in documents] == [urls.step(place) for place in places]
    assert [only(document, "Redirect").text for document in documents] == [urls.step(place) for place in places]


def test_an_address_is_escaped_wherever_a_menu_names_it(prompts: Prompts) -> None:
    odd = LineUrls("https://line.example/<\"&'>\x00")

    document = parse(twiml.speak(Place(), TABLE[WELCOME], odd, prompts))

    assert only(document, "Gather").get("action") == "https://line.example/<\"&'>/voice/step"
    assert only(document, "Redirect").text == "https://line.example/<\"&'>/voice/step"


def test_cymraeg_comes_first_of_all_in_welsh(prompts: Prompts) -> None:
    root = parse(twiml.speak(Place(), TABLE[WELCOME], URLS, prompts))

    assert [say.get("language") for say in root.iter("Say")] == ["cy-GB"] + ["en-GB"] * 4


def test_the_welsh_menu_offers_english_first_of_all(reviewed_prompts: Prompts) -> None:
    root = parse(twiml.speak(Place(language=Language.CY), TABLE[WELCOME], URLS, reviewed_prompts))

    assert [say.get("language") for say in root.iter("Say")] == ["en-GB"] + ["cy-GB"] * 4


def test_a_wrong_key_is_told_before_the_question(prompts: Prompts) -> None:
    place = Place(node="category", mistaken=True)

    assert said(twiml.speak(place, TABLE["category"], URLS, prompts))[0] == "That key has no meaning here."


def test_a_list_is_one_utterance_with_a_key_after_each_name(prompts: Prompts) -> None:
    place = Place(node="force_london")

    assert said(twiml.speak(place, TABLE["force_london"], URLS, prompts)) == [
        "Which force?",
        "Metropolitan Police, 1. City of London, 2.",
        "Not listed, 0.",
    ]


def test_the_queue_is_joined_at_once(prompts: Prompts) -> None:
    root = parse(twiml.speak(Place(node=QUEUE, force="kent"), TABLE[QUEUE], URLS, prompts))

    assert [verb.tag for verb in root] == ["Enqueue"]
    assert root[0].attrib == {
        "action": "https://line.example/voice/queued?n=queue&f=kent",
        "method": "POST",
        "waitUrl": "https://line.example/voice/wait?n=queue&f=kent",
        "waitUrlMethod": "POST",
    }


def test_the_queues_first_words_name_what_was_chosen(prompts: Prompts) -> None:
    place = Place(node=QUEUE, region="south-east")
    node = TABLE[QUEUE]

    assert said(twiml.wait_page(replace(place, force="kent"), node, 0, URLS, prompts))[0] == "About Kent."
    assert said(twiml.wait_page(place, node, 0, URLS, prompts))[0] == "About South East England."
    assert said(twiml.wait_page(Place(node=QUEUE), node, 0, URLS, prompts))[0] == "You are waiting for a person."


def test_the_wait_page_says_how_ones_name_is_treated(prompts: Prompts) -> None:
    unset, confidential = (
        " ".join(said(twiml.wait_page(Place(node=QUEUE, mode=mode), TABLE[QUEUE], 0, URLS, prompts)))
        for mode in (Mode.UNSET, Mode.CONFIDENTIAL)
    )

    assert "You are anonymous unless you tell us otherwise." in unset
    assert "anonymous" not in confidential
    assert "You can still change your mind." in confidential


def test_someone_unable_to_speak_hears_the_danger_line_first(prompts: Prompts) -> None:
    words = said(twiml.wait_page(Place(node=QUEUE, unable_to_speak=True), TABLE[QUEUE], 0, URLS, prompts))

    assert "9 9 9" in words[0]
    assert words[1].startswith("You need not speak.")


def test_a_caller_whose_handler_was_lost_hears_an_apology_first(prompts: Prompts) -> None:
    words = said(twiml.wait_page(Place(node=QUEUE_AGAIN), TABLE[QUEUE_AGAIN], 0, URLS, prompts))

    assert words[0].startswith("Sorry, the line to the person was lost.")


def test_a_caller_who_is_handed_on_hears_that_and_no_apology(prompts: Prompts) -> None:
    place = Place(node=QUEUE_HANDED_ON)

    words = said(twiml.wait_page(place, TABLE[QUEUE_HANDED_ON], 0, URLS, prompts))

    assert words[0] == "You are being put through to someone else. Please stay on the line."


def test_a_welsh_caller_is_told_that_a_welsh_speaker_will_come(prompts: Prompts) -> None:
    words = said(twiml.wait_page(Place(node=QUEUE, language=Language.CY), TABLE[QUEUE], 0, URLS, prompts))

    assert words[0] == "You are waiting for a person who speaks Welsh."


def test_the_wait_page_goes_on_to_its_next_round_and_never_runs_out(prompts: Prompts) -> None:
    place = Place(node=QUEUE)
    pages = [parse(twiml.wait_page(place, TABLE[QUEUE], rounds, URLS, prompts)) for rounds in range(12)]

    actions = [only(page, "Gather").get("action") for page in pages]

    assert actions == [URLS.wait(place, rounds + 1) for rounds in range(12)]
    assert all(list(page.iter("Say")) for page in pages)


def test_star_in_the_wait_page_leaves_the_queue(prompts: Prompts) -> None:
    root = parse(twiml.wait_page(Place(node=LEFT), TABLE[LEFT], 3, URLS, prompts))

    assert [verb.tag for verb in root] == ["Leave"]


def test_an_end_says_its_words_and_hangs_up(prompts: Prompts) -> None:
    root = parse(twiml.speak(Place(node=GOODBYE), TABLE[GOODBYE], URLS, prompts))

    assert [verb.tag for verb in root] == ["Say", "Hangup"]


def test_the_handset_must_press_one_and_silence_is_reported(prompts: Prompts) -> None:
    root = parse(twiml.handset_offer(URLS.handset_key(order="7"), prompts))
    gather = only(root, "Gather")

    assert gather.get("action") == "https://line.example/voice/handset/key?order=7"
    assert gather.get("actionOnEmptyResult") == "true"
    assert gather.get("numDigits") == "1"
    assert [say.text for say in gather] == ["A call is waiting. Press 1 to take it."] * 2
    assert root[-1].tag == "Hangup"


def test_the_conference_ends_with_the_handler_and_not_with_the_caller() -> None:
    handler, caller = (only(parse(DIALS[kind]("room")), "Conference") for kind in ("handler", "caller"))

    assert (handler.get("endConferenceOnExit"), caller.get("endConferenceOnExit")) == ("true", "false")
    for conference in (handler, caller):
        assert conference.get("beep") == "false"
        assert conference.get("startConferenceOnEnter") == "true"
        assert conference.get("record") == "do-not-record"
        assert conference.get("participantLabel") == "room"


def test_the_handlers_conference_reports_and_the_callers_dial_asks_what_follows() -> None:
    handler, caller = (parse(DIALS[kind]("room")) for kind in ("handler", "caller"))

    assert only(handler, "Conference").get("statusCallback") == "https://line.example/c"
    assert only(handler, "Dial").get("action") is None
    assert only(caller, "Dial").get("action") == "https://line.example/a"
    assert only(caller, "Conference").get("statusCallback") is None


def test_the_refusal_is_one_constant_apology(prompts: Prompts) -> None:
    assert twiml.refusal(prompts) == twiml.refusal(load_prompts())
    assert [verb.tag for verb in parse(twiml.refusal(prompts))] == ["Say", "Hangup"]


def test_an_apology_goes_on_or_names_the_other_ways(prompts: Prompts) -> None:
    going_on = parse(twiml.apology(prompts, then=URLS.step(Place(node=QUEUE))))
    ending = twiml.apology(prompts)

    assert [verb.tag for verb in going_on] == ["Say", "Redirect"]
    assert going_on[1].text == "https://line.example/voice/step?n=queue"
    assert "crimestoppers-uk.org" in said(ending)[1]
    assert parse(ending)[-1].tag == "Hangup"


def test_on_hold_the_caller_is_told_that_someone_comes_back(prompts: Prompts) -> None:
    assert [verb.tag for verb in parse(twiml.hold(prompts))] == ["Say", "Pause"]


def test_nothing_to_do_is_an_empty_response() -> None:
    assert len(parse(twiml.empty())) == 0
