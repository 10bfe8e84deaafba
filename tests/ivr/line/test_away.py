"""While the line is away callers hear so, and are asked again once: never silence, never a loop."""

from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest

from ivr.line.allow_list import Route, Webhook, allow
from ivr.line.away import line_away
from ivr.line.place import Heard, Place
from ivr.line.prompts import load_prompts
from shared.domain.vocabulary import Category, Language, Mode

PUBLIC = "https://line.example"
PROMPTS = load_prompts("crimestoppers-uk.org")
CHOSEN = Place("queue", Language.EN, Mode.CONFIDENTIAL, Category.PERSONAL_ADVANTAGE, force="kent")
ASKED_AGAIN = (Route.INCOMING, Route.STEP, Route.WAIT, Route.JOIN, Route.AFTER)
NOBODY_LISTENS = (Route.HANDSET_STATUS, Route.PARTY_STATUS, Route.CONFERENCE, Route.STATUS)


def said(webhook: Webhook, query: dict[str, str]) -> ElementTree.Element:
    document = line_away(webhook, query, PUBLIC, PROMPTS)
    assert document is not None
    return ElementTree.fromstring(document.encode())  # noqa: S314 - our own TwiML


@pytest.mark.parametrize("route", ASKED_AGAIN)
def test_a_caller_is_asked_again_once_and_then_told_the_other_ways(route: Route) -> None:
    webhook = Webhook(route, place=CHOSEN, rounds=3, conference="c" * 32, heard=Heard("1"))

    first = said(webhook, {})
    redirect = first.findtext("Redirect") or ""
    query = dict(parse_qsl(urlsplit(redirect).query))
    second = said(allow(route, query, {}), query)

    assert redirect.startswith(f"{PUBLIC}{route}?")
    assert allow(route, query, {}) == Webhook(route, place=CHOSEN, rounds=3, conference="c" * 32)
    assert first.find("Say") is not None
    assert second.find("Redirect") is None
    assert "crimestoppers-uk.org" in "".join(second.itertext())


def test_a_caller_on_hold_holds_on_and_is_never_hung_up_on() -> None:
    document = said(Webhook(Route.HOLD), {})

    assert document.find("Hangup") is None
    assert "Please hold." in "".join(document.itertext())


@pytest.mark.parametrize("route", sorted(set(Route) - {*ASKED_AGAIN, *NOBODY_LISTENS, Route.HOLD}))
def test_what_would_mean_something_else_asked_again_is_not(route: Route) -> None:
    document = said(Webhook(route), {})

    assert document.find("Redirect") is None
    assert document.find("Say") is not None


@pytest.mark.parametrize("route", NOBODY_LISTENS)
def test_nothing_is_said_where_nobody_listens(route: Route) -> None:
    assert line_away(Webhook(route), {}, PUBLIC, PROMPTS) is None
