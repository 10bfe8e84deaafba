"""Reports by SFTP to a real server, written aside, read back and renamed; answers from its folder."""

import asyncio
from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest

from shared.outbox.failpoints import Failpoint
from shared.outbox.transports.places import Place
from shared.outbox.transports.sftp import SftpTransport
from shared.outbox.troubles import CannotBeDelivered, Reason, WorldInTheWay
from shared.sealing.envelope_file import envelope_from_bytes
from tests.support.sftp_server import Shelf, sftp_server

HOST = "unit.example.test"


class Killed(BaseException):
    """The power went."""


@pytest.fixture
def reports(tmp_path) -> Path:
    folder = tmp_path / "sftp" / "reports"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def shelf(reports) -> type[Shelf]:
    return type("OneShelf", (Shelf,), {"folder": reports.parent})


@pytest.fixture
def way(shelf, tmp_path, gate):
    host_key, ours = asyncssh.generate_private_key("ssh-ed25519"), asyncssh.generate_private_key("ssh-ed25519")
    ours.write_private_key(str(tmp_path / "key"))
    ours.write_public_key(str(tmp_path / "known_clients"))
    with sftp_server(shelf, host_key, tmp_path / "known_clients") as port:
        written = host_key.export_public_key().decode().strip()
        (tmp_path / "host_keys").write_text(f"[{HOST}]:{port} {written}\n{HOST} {written}\n", encoding="utf-8")
        place = Place(HOST, port, "candour", "/reports")
        yield SftpTransport(place, tmp_path / "key", tmp_path / "host_keys", gate)


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

    async def isfile(self, path: str) -> bool:
        self.asked += 1
        self.most = max(self.most, self.asked)
        for _ in range(3):
            await asyncio.sleep(0)
        self.asked -= 1
        if "taken" in path:
            raise asyncssh.SFTPNoSuchFile("")
        return False


def test_the_answers_of_a_year_are_asked_for_many_at_once(way) -> None:
    far = FarAway([f"{number:03}.answer" for number in range(100)])

    asyncio.run(way._fetch(far))

    assert far.most == 32


def test_an_answer_taken_away_while_they_are_read_is_passed_over(way) -> None:
    assert asyncio.run(way._fetch(FarAway(["taken.answer"]))) == []


def test_a_server_with_another_key_is_sent_nothing(way, reports, tmp_path, name, envelope) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    (tmp_path / "other").write_text(f"{HOST} {other}\n[{HOST}]:{way.place.port} {other}\n", encoding="utf-8")

    with pytest.raises(WorldInTheWay) as found:
        replace(way, host_keys=tmp_path / "other").deliver(name, envelope)

    assert found.value.reason is Reason.NOT_WHO_IT_SHOULD_BE
    assert list(reports.iterdir()) == []


def test_a_key_the_server_does_not_know_is_parked(way, tmp_path, name, envelope) -> None:
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(tmp_path / "stranger"))

    with pytest.raises(CannotBeDelivered) as found:
        replace(way, key=tmp_path / "stranger").deliver(name, envelope)

    assert found.value.reason is Reason.CREDENTIALS_REFUSED


def test_a_server_that_is_away_is_tried_again(way, name, envelope) -> None:
    with pytest.raises(WorldInTheWay) as found:
        replace(way, place=replace(way.place, port=1)).deliver(name, envelope)

    assert found.value.reason is Reason.NO_CONNECTION
