"""Every address Twilio is given is absolute and built from the configured public URL."""

import inspect
from urllib.parse import parse_qsl, urlsplit

import pytest

from ivr.line.place import Place, rounds_waited
from ivr.line.urls import LineUrls

PATHS = {
    "step": "/voice/step",
    "wait": "/voice/wait",
    "queued": "/voice/queued",
    "join": "/voice/join",
    "after": "/voice/after",
    "handset": "/voice/handset",
    "handset_key": "/voice/handset/key",
    "handset_status": "/voice/handset/status",
    "party": "/voice/party",
    "party_key": "/voice/party/key",
    "party_status": "/voice/party/status",
    "conference": "/voice/conference",
    "hold": "/voice/hold",
}
OF_A_PLACE = ("step", "wait", "queued", "after")
KENT = Place(node="queue", region="south-east", force="kent")


def test_every_address_is_tried_here() -> None:
    public = {name for name, _ in inspect.getmembers(LineUrls, inspect.isfunction) if not name.startswith("_")}

    assert public == set(PATHS)


@pytest.mark.parametrize("public_url", ["https://line.example", "https://line.example/"])
@pytest.mark.parametrize("name", PATHS)
def test_an_address_is_the_public_url_and_its_path(public_url: str, name: str) -> None:
    build = getattr(LineUrls(public_url), name)

    url = build(KENT) if name in OF_A_PLACE else build(call="a b&c")

    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "line.example", PATHS[name])
    assert parts.fragment == ""


def test_a_public_url_may_have_a_path_of_its_own() -> None:
    assert LineUrls("https://line.example/candour").join() == "https://line.example/candour/voice/join"


@pytest.mark.parametrize("name", OF_A_PLACE)
def test_the_place_comes_back_from_the_address(urls: LineUrls, name: str) -> None:
    query = dict(parse_qsl(urlsplit(getattr(urls, name)(KENT)).query))

    assert Place.from_query(query) == KENT


@pytest.mark.parametrize("rounds", [0, 1, 40])
def test_the_wait_page_knows_its_round_and_the_place(urls: LineUrls, rounds: int) -> None:
    query = dict(parse_qsl(urlsplit(urls.wait(KENT, rounds)).query))

    assert rounds_waited(query) == rounds
    assert Place.from_query(query) == KENT


def test_what_an_address_carries_is_encoded(urls: LineUrls) -> None:
    query = dict(parse_qsl(urlsplit(urls.handset_key(order="a b&c=d/é")).query))

    assert query == {"order": "a b&c=d/é"}


def test_a_new_callers_address_has_no_query(urls: LineUrls) -> None:
    assert urls.step(Place()) == "https://line.example/voice/step"
