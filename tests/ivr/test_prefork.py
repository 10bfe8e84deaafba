"""Each connection has a process of its own, there is always one waiting, and all of them end together."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from ivr import prefork
from ivr.prefork import serve_each
from ivr.process import tie_to_parent

PROCESSES = 3

pytestmark = pytest.mark.timeout(30)


def says_who_answers(connection: socket.socket) -> None:
    connection.sendall(f"{os.getpid()} {os.getppid()} {connection.recv(10).decode()}".encode())


def sleeps_on(connection: socket.socket) -> None:
    connection.recv(10)
    signal.pause()


def fails(connection: socket.socket) -> None:
    connection.recv(10)
    raise ValueError("0113 496 0000")


@contextmanager
def serving(
    answer: Callable[[socket.socket], None], rehearse: Callable[[], None] = lambda: None
) -> Iterator[tuple[int, tuple[str, int]]]:
    """A process that serves, and where; it is told to stop at the end, and must have stopped well."""
    parent = os.getpid()
    heard, told = os.pipe()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = os.fork()
        if server == 0:
            tie_to_parent(parent, signal.SIGKILL)
            serve_each(listener, answer, rehearse, lambda: [os.write(told, b"x"), None][1], processes=PROCESSES)
            os._exit(0)
        address = listener.getsockname()
    os.read(heard, 1)
    os.close(heard)
    os.close(told)
    try:
        yield server, address
    finally:
        os.kill(server, signal.SIGTERM)
        assert os.waitpid(server, 0)[1] == 0


def children(server: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{server}/task/{server}/children").read_text().split()]


def ask(address: tuple[str, int]) -> bytes:
    with socket.create_connection(address) as connection:
        connection.sendall(b"hello")
        return b"".join(iter(lambda: connection.recv(100), b""))


def test_every_connection_is_answered_by_another_process() -> None:
    with serving(says_who_answers) as (server, address), ThreadPoolExecutor(10) as callers:
        said = [answer.split() for answer in callers.map(ask, [address] * 50)]

    assert len({who for who, _, _ in said}) == 50
    assert {(parent, heard) for _, parent, heard in said} == {(str(server).encode(), b"hello")}


def test_there_are_so_many_processes_and_each_has_rehearsed(tmp_path: Path) -> None:
    def rehearse() -> None:
        (tmp_path / str(os.getpid())).touch()

    with serving(says_who_answers, rehearse) as (server, address):
        before = children(server)
        answered_by = ask(address).split()[0].decode()

    assert len(before) == PROCESSES
    assert (tmp_path / answered_by).exists()


def test_a_failure_ends_its_process_alone_and_nothing_of_it_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    with serving(fails) as (_, address):
        for _ in range(PROCESSES * 2):
            assert ask(address) == b""

    printed = capfd.readouterr()
    assert "0113 496" not in printed.out + printed.err


def test_one_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefork, "LONGEST_SECONDS", 1)

    with serving(sleeps_on) as (_, address), ThreadPoolExecutor(PROCESSES * 2) as callers:
        assert list(callers.map(ask, [address] * PROCESSES * 2)) == [b""] * PROCESSES * 2


def test_slow_ones_keep_no_more_than_so_many_processes() -> None:
    with serving(sleeps_on) as (server, address), ExitStack() as slow:
        for _ in range(PROCESSES * 3):
            slow.enter_context(socket.create_connection(address)).sendall(b"x")
        busy = children(server)
        for child in busy:  # so that the end need not wait for them
            os.kill(child, signal.SIGKILL)

        assert len(busy) == PROCESSES


def test_they_end_with_a_server_that_is_killed() -> None:
    heard, told = os.pipe()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = os.fork()
        if server == 0:
            os.close(heard)
            serve_each(
                listener, says_who_answers, lambda: None, lambda: [os.write(told, b"x"), None][1], processes=PROCESSES
            )
            os._exit(0)
    os.close(told)
    os.read(heard, 1)

    os.kill(server, signal.SIGKILL)
    os.waitpid(server, 0)

    assert os.read(heard, 1) == b""  # the last that held the other end has gone
    os.close(heard)
