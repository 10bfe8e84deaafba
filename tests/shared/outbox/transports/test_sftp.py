"""Reports by SFTP to a real server, written aside, read back and renamed; answers from its folder."""

import asyncio
from dataclasses import replace

import asyncssh
import pytest

from shared.outbox.failpoints import Failpoint
from shared.outbox.rounds import Rounds
from shared.outbox.transports.sftp import SftpTransport
from shared.outbox.transports.way import MAX_ANSWERS
from shared.outbox.troubles import CannotBeDelivered, Reason, WorldInTheWay
from shared.sealing.envelope_file import envelope_from_bytes

HOST = "unit.example.test"


class Killed(BaseException):
    """The power went."""


@pytest.fixture
def way(sftp_way) -> SftpTransport:
    return sftp_way


def test_a_report_is_there_whole_under_its_name(way, reports, name, envelope) -> None:
    way.deliver(name, envelope)

    assert [path.name for path in reports.iterdir()] == [f"{name}.candour"]
    assert envelope_from_bytes((reports / f"{name}.candour").read_bytes()) == envelope


def test_a_report_sent_again_is_there_once(way, reports, name, envelope) -> None:
    for _ in range(2):
        way.deliver(name, envelope)

    assert [path.name for path in reports.iterdir()] == [f"{name}.candour"]


@pytest.mark.parametrize("at", [Failpoint.WRITTEN_ASIDE, Failpoint.RENAMED, Failpoint.SENT])
def test_killed_on_the_way_and_sent_again_it_is_there_once_and_whole(way, reports, name, envelope, at) -> None:
    def power_cut(passed: Failpoint) -> None:
        if passed is at:
            raise Killed

    with pytest.raises(Killed):
        replace(way, failpoint=power_cut).deliver(name, envelope)

    way.deliver(name, envelope)

    assert [path.name for path in reports.iterdir()] == [f"{name}.candour"]
    assert envelope_from_bytes((reports / f"{name}.candour").read_bytes()) == envelope


def test_something_else_under_the_name_is_left_alone(way, reports, name, envelope) -> None:
    (reports / f"{name}.candour").write_bytes(b"something else")

    with pytest.raises(CannotBeDelivered) as found:
        way.deliver(name, envelope)

    assert found.value.reason is Reason.ANOTHER_FILE_THERE
    assert not found.value.nothing_left
    assert (reports / f"{name}.candour").read_bytes() == b"something else"


def test_a_server_that_is_full_is_tried_again(way, shelf, reports, name, envelope) -> None:
    shelf.full = True
    with pytest.raises(WorldInTheWay) as found:
        way.deliver(name, envelope)
    shelf.full = False

    way.deliver(name, envelope)

    assert found.value.reason is Reason.FOLDER_OUT_OF_REACH
    assert [path.name for path in reports.iterdir()] == [f"{name}.candour"]


def test_a_server_that_keeps_half_is_not_believed(way, shelf, reports, name, envelope) -> None:
    shelf.halves = True

    with pytest.raises(WorldInTheWay) as found:
        way.deliver(name, envelope)

    assert found.value.reason is Reason.CUT_SHORT
    assert not found.value.nothing_left
    assert not (reports / f"{name}.candour").exists()


def test_answers_are_read_from_their_folder(way, reports) -> None:
    before = list(way.answers())
    folder = reports / "answers"
    folder.mkdir()
    (folder / "b.answer").write_bytes(b"two")
    (folder / "a.answer").write_bytes(b"one")
    (folder / "too-long.answer").write_bytes(b"x" * 17_000)
    (folder / "notes.txt").write_bytes(b"no answer")

    found = list(way.answers())

    assert before == []
    assert found == [("a.answer", b"one"), ("b.answer", b"two")]


class FarAway:
    """Stands in for a server whose every answer takes a while; ``most`` of its files were asked for at once."""

    def __init__(self, names: list[str]) -> None:
        self.names, self.asked, self.most = names, 0, 0

    async def isdir(self, _path: str) -> bool:
        return True

    async def listdir(self, _path: str) -> list[str]:
        return self.names

    async def isfile(self, _path: str) -> bool:
        self.asked += 1
        self.most = max(self.most, self.asked)
        for _ in range(3):
            await asyncio.sleep(0)
        self.asked -= 1
        return False


def test_the_answers_of_a_year_are_asked_for_many_at_once(way) -> None:
    far = FarAway([f"{number:03}.answer" for number in range(100)])

    asyncio.run(way._fetch(far, []))

    assert far.most == 32


def test_an_answer_taken_away_or_broken_is_passed_over(way, shelf, reports) -> None:
    folder = reports / "answers"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.answer").write_bytes(name.encode())
    (folder / "a.answer").unlink()
    (folder / "a.answer").symlink_to("nowhere")
    shelf.unreadable = "b.answer"

    assert list(way.answers()) == [("c.answer", b"c")]


def test_a_backlog_of_answers_is_read_in_rounds_and_none_is_left_out(way, reports) -> None:
    folder = reports / "answers"
    folder.mkdir()
    for number in range(120):
        (folder / f"{number:03}.answer").write_bytes(b"one")
    patient = replace(way, _rounds=Rounds(50))

    looks = [[name for name, _ in patient.answers()] for _ in range(3)]
    (folder / "000-new.answer").write_bytes(b"two")
    after = [name for name, _ in patient.answers()]

    assert sorted({name for look in looks for name in look}) == sorted(f"{number:03}.answer" for number in range(120))
    assert [len(look) for look in looks] == [50, 50, 50]
    assert after[0] == "000-new.answer"  # what nobody has read yet waits for nothing
    assert way._rounds.most == MAX_ANSWERS


def test_what_came_before_the_server_broke_off_is_not_lost(way, shelf, reports) -> None:
    folder = reports / "answers"
    folder.mkdir()
    for number in range(64):
        (folder / f"{number:03}.answer").write_bytes(b"one")
    shelf.breaks_off_at = "040.answer"

    first = {name for name, _ in way.answers()}
    shelf.breaks_off_at = ""
    second = [name for name, _ in way.answers()]

    assert first == {f"{number:03}.answer" for number in range(32)}
    assert len(second) == 64


def test_a_server_with_another_key_is_sent_nothing(way, reports, tmp_path, name, envelope) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    (tmp_path / "other").write_text(f"{HOST} {other}\n[{HOST}]:{way.place.port} {other}\n", encoding="utf-8")

    with pytest.raises(WorldInTheWay) as found:
        replace(way, host_keys=tmp_path / "other").deliver(name, envelope)

    assert found.value.reason is Reason.NOT_WHO_IT_SHOULD_BE
    assert found.value.nothing_left
    assert list(reports.iterdir()) == []


def test_a_key_the_server_does_not_know_is_parked(way, tmp_path, name, envelope) -> None:
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(tmp_path / "stranger"))

    with pytest.raises(CannotBeDelivered) as found:
        replace(way, key=tmp_path / "stranger").deliver(name, envelope)

    assert found.value.reason is Reason.CREDENTIALS_REFUSED
    assert found.value.nothing_left


def test_a_server_that_is_away_is_tried_again(way, name, envelope) -> None:
    with pytest.raises(WorldInTheWay) as found:
        replace(way, place=replace(way.place, port=1)).deliver(name, envelope)

    assert found.value.reason is Reason.NO_CONNECTION
    assert found.value.nothing_left
