"""What passes between edge and line is one exact form, and a number fits nowhere into it."""

import json
import random
import socket

import pytest

from ivr.line.allow_list import CallStatus, ConferenceEvent, Label, QueueResult, Route, Webhook
from ivr.line.message import (
    FIELDS,
    LARGEST_WEBHOOK,
    MessageMalformed,
    PeerGone,
    answer_from_message,
    answer_to_message,
    receive,
    send,
    webhook_from_message,
    webhook_to_message,
)
from ivr.line.place import Heard, Place
from shared.domain.vocabulary import Category, Language, Mode

CALLER = "+442079460123"
FULL = Webhook(
    route=Route.WAIT,
    place=Place("queue", Language.CY, Mode.ANONYMOUS, Category.OTHER, "wales-scotland-ni", "gwent", 1, True, True),
    rounds=7,
    conference="c" * 32,
    party="d" * 32,
    call_sid="CA" + "a" * 32,
    heard=Heard("#"),
    call_status=CallStatus.IN_PROGRESS,
    queue_result=QueueResult.LEAVE,
    event=ConferenceEvent.JOINED,
    label=Label.CALLER,
    conference_sid="CF" + "f" * 32,
)


@pytest.mark.parametrize("webhook", [FULL, *map(Webhook, Route)], ids=lambda webhook: webhook.route.name)
def test_a_webhook_arrives_as_it_was_sent(webhook: Webhook) -> None:
    message = webhook_to_message(webhook)

    assert webhook_from_message(message) == webhook
    assert len(message) < LARGEST_WEBHOOK


def test_every_field_of_a_webhook_is_handed_on() -> None:
    assert set(json.loads(webhook_to_message(FULL))) == FIELDS


@pytest.mark.parametrize("name", [*sorted(FIELDS), "from"])
@pytest.mark.parametrize("number", [CALLER, "02079460123", "442079460123"])
def test_a_number_in_any_field_makes_it_no_message(name: str, number: str) -> None:
    said = json.loads(webhook_to_message(FULL)) | {name: number}

    with pytest.raises(MessageMalformed):
        webhook_from_message(json.dumps(said).encode())


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_missing_field_makes_it_no_message(name: str) -> None:
    said = json.loads(webhook_to_message(FULL))
    del said[name]

    with pytest.raises(MessageMalformed):
        webhook_from_message(json.dumps(said).encode())


def test_whatever_else_comes_is_no_message() -> None:
    chance = random.Random(11)
    right = webhook_to_message(FULL)
    others = [b"", b"null", b"[]", b"{}", b'"x"', b"\xff", b"[" * 3000, right + b" ", right.replace(b", ", b",")]
    for _ in range(500):
        at = chance.randrange(len(right))
        others.append(right[:at] + bytes([chance.randrange(256)]) + right[at + 1 :])

    for message in set(others) - {right}:
        try:
            webhook = webhook_from_message(message)
        except MessageMalformed:
            continue
        assert webhook_to_message(webhook) == message


@pytest.mark.parametrize("twiml", ["<Response/>", "<Say>Cymraeg, ŵ</Say>", None])
def test_an_answer_arrives_as_it_was_said(twiml: str | None) -> None:
    assert answer_from_message(answer_to_message(twiml)) == twiml


@pytest.mark.parametrize("message", [b"", b"5", b"{", b"\xff"])
def test_an_answer_that_is_none_is_refused(message: bytes) -> None:
    with pytest.raises(MessageMalformed):
        answer_from_message(message)


def test_messages_keep_their_bounds_and_their_limit() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        send(ours, b"first")
        send(ours, b"")
        send(ours, b"x" * 20)
        ours.sendall(b"\0\0\0\5cut")
        ours.shutdown(socket.SHUT_WR)

        assert receive(theirs, 10) == b"first"
        assert receive(theirs, 10) == b""
        with pytest.raises(MessageMalformed):
            receive(theirs, 19)
        assert theirs.recv(20) == b"x" * 20
        with pytest.raises(PeerGone):
            receive(theirs, 10)
