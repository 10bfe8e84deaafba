"""Reports by HTTPS to a real server with certificates on both sides, and answers by GET."""

import ssl
import tracemalloc
from dataclasses import replace

import pytest

from shared.domain.vocabulary import Verdict
from shared.outbox.transports.https import HttpsTransport
from shared.outbox.transports.places import Place
from shared.outbox.transports.way import MAX_ANSWERS
from shared.outbox.troubles import CannotBeDelivered, Reason, WorldInTheWay
from shared.sealing.answers import verify_answer
from shared.sealing.envelope_file import envelope_from_bytes
from shared.sealing.keys import SigningKey
from tests.support.unit_system import SWOLLEN_BYTES, Behaves, UnitSystem, answer_entry, serving

UNIT = "kent-acu"


@pytest.fixture
def system(tmp_path) -> UnitSystem:
    return UnitSystem(tmp_path / "unit.db", api_key="the key of the unit")


@pytest.fixture
def way(system, authority, gate):
    with serving(system, authority.server_tls()) as port:
        place = Place("unit.example.test", port, path=f"/{UNIT}")
        way = HttpsTransport(place, authority.client_tls(), gate, "the key of the unit")
        yield way
        way.close()


def test_a_report_is_delivered_once_the_unit_has_it(way, system, name, envelope) -> None:
    way.deliver(name, envelope)

    [(kept, written)] = system.received(UNIT)
    assert kept == name
    assert envelope_from_bytes(written) == envelope


def test_a_report_sent_again_is_there_once(way, system, name, envelope) -> None:
    for _ in range(3):
        way.deliver(name, envelope)

    assert len(system.received(UNIT)) == 1


def test_another_report_under_a_name_already_taken_is_refused(way, system, name, make_envelope) -> None:
    way.deliver(name, make_envelope())

    with pytest.raises(CannotBeDelivered) as found:
        way.deliver(name, make_envelope())

    assert found.value.reason is Reason.ANOTHER_FILE_THERE
    assert not found.value.nothing_left


@pytest.mark.parametrize(
    ("behaves", "trouble", "reason"),
    [
        (Behaves.FAILS, WorldInTheWay, Reason.UNIT_BUSY),
        (Behaves.BUSY, WorldInTheWay, Reason.UNIT_BUSY),
        (Behaves.HANGS_UP, WorldInTheWay, Reason.NO_CONNECTION),
        (Behaves.SAYS_OK, WorldInTheWay, Reason.NOT_ACKNOWLEDGED),
        (Behaves.KEEPS_HALF, WorldInTheWay, Reason.CUT_SHORT),
        (Behaves.ELSEWHERE, CannotBeDelivered, Reason.SENT_ELSEWHERE),
        (Behaves.REFUSES, CannotBeDelivered, Reason.REFUSED_BY_UNIT),
        (Behaves.UNAUTHORISED, CannotBeDelivered, Reason.CREDENTIALS_REFUSED),
    ],
)
def test_nothing_but_the_units_word_for_these_bytes_counts(
    way, system, name, envelope, behaves: Behaves, trouble: type, reason: Reason
) -> None:
    system.behaves = lambda: behaves

    with pytest.raises(trouble) as found:
        way.deliver(name, envelope)

    assert found.value.reason is reason


def test_after_an_answer_that_was_lost_sending_again_is_safe(way, system, name, envelope) -> None:
    system.behaves = lambda: Behaves.HANGS_UP
    with pytest.raises(WorldInTheWay):
        way.deliver(name, envelope)
    system.behaves = lambda: Behaves.WELL

    way.deliver(name, envelope)

    assert [kept for kept, _ in system.received(UNIT)] == [name]


def test_answers_are_fetched_as_the_unit_signed_them(way, system, name, envelope) -> None:
    signing = SigningKey.generate()
    system.answering = {UNIT: signing}
    way.deliver(name, envelope)

    found = dict(way.answers())

    verdicts = {verify_answer(one, envelope.digest, UNIT, signing.public).verdict for one in found.values()}
    assert verdicts == {Verdict.OPENED, Verdict.OURS}


NO_ANSWERS = [
    None, [], "text", 5, {}, {"id": "x"}, {"id": "x", "attributes": 5}, {"id": "x", "attributes": {"content": 5}},
    {"id": "x", "attributes": {"content": "not base64url!"}}, {"id": "x", "attributes": {"content": ""}},
    answer_entry("long", b"x" * 20_000),
]  # fmt: skip


def test_what_is_no_answer_does_not_hide_those_behind_it(way, system) -> None:
    system.listed = [*NO_ANSWERS, answer_entry("a", b"one")]

    assert list(way.answers()) == [("a", b"one")]


@pytest.mark.parametrize("page_size", [0, 500])
def test_a_backlog_of_answers_is_read_in_rounds_and_none_is_left_out(way, system, page_size: int) -> None:
    waiting = {f"{number:04}": f"answer {number}".encode() for number in range(4_600)}
    system.listed = [answer_entry(name, written) for name, written in waiting.items()]
    system.page_size = page_size

    looks = [dict(way.answers()) for _ in range(4)]

    found = looks[0] | looks[1] | looks[2]
    assert found == waiting
    assert looks[3] == looks[0]  # and from the beginning again
    assert not page_size or max(map(len, looks)) < MAX_ANSWERS + page_size


def test_a_page_that_is_gone_is_not_waited_for(way, system) -> None:
    system.listed = [answer_entry(f"{number:04}", b"one") for number in range(3 * MAX_ANSWERS)]
    system.page_size = MAX_ANSWERS
    first = list(way.answers())
    system.behaves = lambda: Behaves.FAILS
    with pytest.raises(WorldInTheWay):
        way.answers()
    system.behaves = lambda: Behaves.WELL

    assert list(way.answers()) == first


def test_what_a_unit_packed_is_never_unpacked_so_that_no_unit_can_fill_our_memory(way, system, name, envelope) -> None:
    system.behaves = lambda: Behaves.SWELLS
    tracemalloc.start()

    with pytest.raises(WorldInTheWay) as found:
        way.deliver(name, envelope)
    heard = list(way.answers())

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.value.reason is Reason.NOT_ACKNOWLEDGED
    assert not found.value.nothing_left
    assert heard == []
    assert most < SWOLLEN_BYTES / 4


def test_a_server_nobody_vouches_for_is_sent_nothing(way, name, envelope) -> None:
    stranger = replace(way, tls=ssl.create_default_context())

    with pytest.raises(WorldInTheWay) as found:
        stranger.deliver(name, envelope)

    stranger.close()
    assert found.value.reason is Reason.NOT_WHO_IT_SHOULD_BE
    assert found.value.nothing_left


def test_a_server_with_a_certificate_for_another_name_is_sent_nothing(way, system, name, envelope) -> None:
    elsewhere = replace(way, place=replace(way.place, host="other.example.test"))

    with pytest.raises(WorldInTheWay) as found:
        elsewhere.deliver(name, envelope)

    elsewhere.close()
    assert found.value.reason is Reason.NOT_WHO_IT_SHOULD_BE
    assert system.received(UNIT) == []


def test_without_our_certificate_the_unit_takes_nothing(way, system, authority, name, envelope) -> None:
    nobody = replace(way, tls=ssl.create_default_context(cafile=authority.certificate))

    with pytest.raises(WorldInTheWay):
        nobody.deliver(name, envelope)

    nobody.close()
    assert system.received(UNIT) == []


def test_a_network_that_is_cut_is_the_worlds_trouble(way, authority, name, envelope) -> None:
    cut = replace(way, place=replace(way.place, port=1))

    with pytest.raises(WorldInTheWay) as found:
        cut.deliver(name, envelope)

    cut.close()
    assert found.value.reason is Reason.NO_CONNECTION
    assert found.value.nothing_left


def test_what_is_posted_says_nothing_of_the_report(way, name, envelope) -> None:
    from shared.outbox.transports.https import submission

    posted = submission(name, envelope)

    assert posted["data"]["attributes"] == {}
    assert set(posted["included"][0]["attributes"]) == {"submissionId", "submissionContent", "contentDigest"}
