"""The only module that builds TwiML: a place becomes what Twilio speaks and does; knows no HTTP, store or caller.

Attributes and their defaults: Twilio's TwiML reference for Gather, Enqueue, Dial, Conference.
"""

import re
from functools import lru_cache
from typing import assert_never
from xml.sax.saxutils import escape

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from ivr.line.menu import HOURS, OTHER_LANGUAGE, End, Menu, Node, Queue
from ivr.line.opening import Opening
from ivr.line.place import Place
from ivr.line.prompts import Prompts, Spoken
from ivr.line.urls import LineUrls
from shared.domain.vocabulary import Language, Mode

QUEUE_NAME = "line"  # one queue of Twilio's holds every caller; who is next is decided by us
WAIT_PAGE_SILENCE = 12  # seconds between the words of the wait page
HANDSET_SILENCE = 8  # seconds for the handler to press a key after each offer
HOLD_SILENCE = 20  # seconds between the words on hold
LATER_ROUNDS = (("still_waiting", "wait_keys"), ("have_ready",), ("danger",))
WAIT_UNKNOWN = "wait_unknown"
ALWAYS = Opening()
_NEXT_ADDRESS = "urn:next-address"  # holds the place of an address in a page that is kept

# What XML 1.0 cannot carry; the library escapes markup but lets these through.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def speak(place: Place, node: Node, urls: LineUrls, prompts: Prompts, hours: Opening = ALWAYS) -> str:
    """What a caller hears at a place, and where the next key goes. `node` is the table's entry for the place."""
    match node:
        case Menu():
            return _menu(place, node, urls, prompts)
        case Queue():
            return _enqueue(place, urls)
        case End():
            return _end(_last_words(place, node, prompts, hours))
    assert_never(node)


def wait_page(
    place: Place, node: Node, rounds: int, urls: LineUrls, prompts: Prompts, likely: str = WAIT_UNKNOWN
) -> str:
    """What a queued caller hears for the `rounds`-th time, from 0; keys and silence come back to the wait page.

    `likely` is the prompt that says how long it may be. Someone whose place is an end leaves the queue, and Twilio asks
    the queue's action what follows.
    """
    response = VoiceResponse()
    again = urls.wait(place, rounds + 1)
    match node:
        case Queue():
            words = _first_words(place, node, prompts, likely) if rounds == 0 else _later_words(place, rounds, prompts)
            response.append(_one_key(again, WAIT_PAGE_SILENCE, words))
        case Menu():
            response.append(_one_key(again, node.wait, menu_words(place, node, prompts)))
        case End():
            response.leave()
        case _:
            assert_never(node)
    return _text(response)


def handset_offer(key_url: str, prompts: Prompts, language: Language = Language.EN) -> str:
    """Asks whoever picked up the handset to press 1; silence is sent to `key_url` too, so no voicemail joins."""
    offer = prompts.say("handset_offer", language)
    response = VoiceResponse()
    response.append(_one_key(key_url, HANDSET_SILENCE, [offer, offer]))
    response.hangup()
    return _text(response)


def handler_into_conference(name: str, label: str, status_url: str, caller_id: str) -> str:
    """Joins the handler's handset to a conference, which ends when they leave it.

    `name` and `label` are random (Twilio keeps them); `caller_id` is the line's own number. Reports of who
    joined and left go to `status_url`: Twilio takes the address from the first to join, who is the handler.
    """
    response = VoiceResponse()
    dial = _dial(caller_id, action="")
    _conference(
        dial,
        name,
        label,
        end_conference_on_exit=True,
        status_callback=_clean(status_url),
        status_callback_event="start end join leave hold",
        status_callback_method="POST",
    )
    response.append(dial)
    return _text(response)


def party_into_conference(name: str, caller_id: str) -> str:
    """Joins somebody who was asked to a conference that goes on without them.

    They have no label, for labels may not be given twice and one who was asked may have the call later.
    """
    response = VoiceResponse()
    dial = _dial(caller_id, action="")
    _conference(dial, name, "", end_conference_on_exit=False)
    response.append(dial)
    return _text(response)


def caller_into_conference(name: str, label: str, after_url: str, caller_id: str) -> str:
    """Moves the caller to the handler; when the conversation ends, however it ends, `after_url` says what follows."""
    response = VoiceResponse()
    dial = _dial(caller_id, action=after_url)
    _conference(dial, name, label, end_conference_on_exit=False)
    response.append(dial)
    return _text(response)


def hold(prompts: Prompts, language: Language = Language.EN) -> str:
    """What a caller on hold hears; Twilio plays it over and over."""
    response = VoiceResponse()
    _say(response, prompts.say("hold", language))
    response.pause(length=HOLD_SILENCE)
    return _text(response)


def caller_gone(prompts: Prompts, language: Language = Language.EN) -> str:
    """Tells the handler that nobody is there any more."""
    return _end([prompts.say("caller_gone", language)])


def fallback(prompts: Prompts, backup_number: str, caller_id: str) -> str:
    """For another host, when ours does not answer: an apology, a person on the backup number, then the other ways.

    Constant words, said by Twilio, for nothing of ours may be needed; `caller_id` is the line's own number.
    """
    languages = [language for language in Language if language in prompts.reviewed]
    response = VoiceResponse()
    for language in languages:
        for prompt in ("fault", "in_queue"):
            _say(response, prompts.say(prompt, language))
    dial = _dial(caller_id, action="")
    dial.number(_clean(backup_number))
    response.append(dial)
    for language in languages:
        _say(response, prompts.say("other_ways", language))
    response.hangup()
    return _text(response)


def listen(seconds: int) -> str:
    """For the calling side of a test call: silence for so long, then the end."""
    response = VoiceResponse()
    response.pause(length=seconds)
    response.hangup()
    return _text(response)


def empty() -> str:
    """Nothing to do: the call goes on, or ends, as it was."""
    return _text(VoiceResponse())


def hang_up() -> str:
    """Ends the call without a word."""
    return _end([])


def refusal(prompts: Prompts) -> str:
    """The one answer to a request that is not signed by Twilio; the same for all of them."""
    return _end([prompts.say("refused", Language.EN)])


def apology(prompts: Prompts, language: Language = Language.EN, then: str = "") -> str:
    """Says that something of ours failed, then goes on at the address `then`, or names the other ways and ends."""
    fault = prompts.say("fault", language)
    if not then:
        return _end([fault, prompts.say("other_ways", language)])
    response = VoiceResponse()
    _say(response, fault)
    response.redirect(_clean(then), method="POST")
    return _text(response)


def _menu(place: Place, node: Menu, urls: LineUrls, prompts: Prompts) -> str:
    page = _menu_page(node, place.language, place.mistaken, prompts)
    return page.replace(_NEXT_ADDRESS, escape(_clean(urls.step(place)), {'"': "&quot;"}))


@lru_cache(maxsize=256)  # more than there are menus, in both languages, heard rightly and wrongly
def _menu_page(node: Menu, language: Language, mistaken: bool, prompts: Prompts) -> str:
    """A menu is the same for everyone, whatever they chose before, but for the address of the next key."""
    response = VoiceResponse()
    words = menu_words(Place(language=language, mistaken=mistaken), node, prompts)
    response.append(_one_key(_NEXT_ADDRESS, node.wait, words))
    # Reached only if Twilio does not report the silence: a document that ends would hang up.
    response.redirect(_NEXT_ADDRESS, method="POST")
    return _text(response)


def menu_words(place: Place, node: Menu, prompts: Prompts) -> list[Spoken]:
    """What a menu says, in order, to someone at this place."""
    lead = [prompts.say("no_meaning", place.language)] if place.mistaken else []
    return [
        *lead,
        *(_menu_line(prompt, place.language, prompts) for prompt in node.say),
        *_listing(node, place.language, prompts),
        *(prompts.say(prompt, place.language) for prompt in node.closing),
    ]


def _menu_line(prompt: str, language: Language, prompts: Prompts) -> Spoken:
    if prompt == "language_key":  # spoken to those who would rather have the other language
        return prompts.say_in(prompt, OTHER_LANGUAGE[language])
    return prompts.say(prompt, language)


def _listing(node: Menu, language: Language, prompts: Prompts) -> list[Spoken]:
    options = [
        prompts.say("option", language, name=prompts.name(name, language), key=key)
        for key, name in node.listing.items()
    ]
    return [prompts.in_one(options)] if options else []


def _enqueue(place: Place, urls: LineUrls) -> str:
    """The queue at once: its first words are the wait page's, so that nobody waits longer for hearing them."""
    response = VoiceResponse()
    response.enqueue(
        QUEUE_NAME,
        action=_clean(urls.queued(place)),
        method="POST",
        wait_url=_clean(urls.wait(place)),
        wait_url_method="POST",
    )
    return _text(response)


def _last_words(place: Place, node: End, prompts: Prompts, hours: Opening) -> list[Spoken]:
    """To those who have not chosen a language, in every one that is reviewed."""
    every = [language for language in Language if language in prompts.reviewed]
    languages = every if node.in_every_language else [place.language]
    return [
        spoken
        for language in languages
        for prompt in node.say
        for spoken in (hours.said(prompts, language) if prompt == HOURS else [prompts.say(prompt, language)])
    ]


def _first_words(place: Place, node: Queue, prompts: Prompts, likely: str) -> list[Spoken]:
    language = place.language
    if node.brief:
        return [prompts.say(prompt, language) for prompt in (*node.greeting, "wait_keys")]
    chosen = f"force.{place.force}" if place.force else f"region.{place.region}" if place.region else ""
    unable = ("danger", "unable_to_speak") if place.unable_to_speak else ()
    about = [prompts.say("about", language, about=prompts.name(chosen, language))] if chosen else []
    rest = (
        "in_queue_welsh" if language is Language.CY else "in_queue",
        "confidential" if place.mode is Mode.CONFIDENTIAL else "anonymous",
        likely,
        "have_ready",
        "wait_keys",
    )
    return [
        *(prompts.say(prompt, language) for prompt in (*node.greeting, *unable)),
        *about,
        *(prompts.say(prompt, language) for prompt in rest),
    ]


def _later_words(place: Place, rounds: int, prompts: Prompts) -> list[Spoken]:
    words = LATER_ROUNDS[(rounds - 1) % len(LATER_ROUNDS)]
    return [prompts.say(prompt, place.language) for prompt in words]


def _one_key(action: str, silence: int, words: list[Spoken]) -> Gather:
    """Listens for one key, # included, from the first word on; silence is sent to `action` as well."""
    gather = Gather(
        action=_clean(action),
        method="POST",
        input="dtmf",
        num_digits=1,
        finish_on_key="",
        timeout=silence,
        action_on_empty_result=True,
    )
    for spoken in words:
        _say(gather, spoken)
    return gather


def _dial(caller_id: str, action: str) -> Dial:
    """Without callerId Twilio would show the caller's own number; without an action it goes on to the next verb."""
    after = {"action": _clean(action), "method": "POST"} if action else {}
    return Dial(caller_id=_clean(caller_id), record="do-not-record", **after)


def _conference(dial: Dial, name: str, label: str, **rest: bool | str) -> None:
    labelled = {"participant_label": _clean(label)} if label else {}
    dial.conference(
        _clean(name),
        beep="false",
        start_conference_on_enter=True,
        record="do-not-record",
        **labelled,
        **rest,
    )


def _end(words: list[Spoken]) -> str:
    response = VoiceResponse()
    for spoken in words:
        _say(response, spoken)
    response.hangup()
    return _text(response)


def _say(verb: VoiceResponse | Gather, spoken: Spoken) -> None:
    if spoken.audio:
        verb.play(_clean(spoken.audio))
    else:
        verb.say(_clean(spoken.text), language=spoken.language.value, voice=spoken.voice)


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _text(response: VoiceResponse) -> str:
    return str(response)
