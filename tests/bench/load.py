"""Sends ready-made requests over kept connections, in a process of its own so that it shares no lock with anyone.

It knows no telephone: bytes out, a status and a piece of the answer back.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from ivr.process import tie_to_parent

CONNECTIONS: Final = 8
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_DEADLINE_SECONDS: Final = 60.0


class UnexpectedAnswer(Exception):
    """A server answered otherwise than the measure is about; its figure would mean nothing."""


@dataclass(frozen=True, slots=True)
class Load:
    """Requests for one server. Every answer must have status 200 and hold `expected`."""

    port: int
    requests: list[bytes]
    expected: bytes


class Generator:
    """Sends loads, one at a time, from another process."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def rate(self, load: Load) -> float:
        """Answers a second. Raises UnexpectedAnswer, OSError or TimeoutError."""
        return self._pool.submit(_send_all, load).result()

    def waits(self, load: Load, at_once: int, pause: float = 0.0) -> list[float]:
        """Milliseconds for each request, every one on a connection of its own, so many at a time.

        `pause`: seconds after each answer.

        Raises UnexpectedAnswer, OSError or TimeoutError.
        """
        return self._pool.submit(_each_apart, load, at_once, pause).result()


@contextmanager
def load_generator() -> Iterator[Generator]:
    """A generator whose process ends with the block."""
    context = multiprocessing.get_context("spawn")
    ends_with_us = (os.getpid(), signal.SIGKILL)
    with ProcessPoolExecutor(1, context, initializer=tie_to_parent, initargs=ends_with_us) as pool:
        yield Generator(pool)


def _send_all(load: Load) -> float:
    return asyncio.run(asyncio.wait_for(_shared_out(load), _DEADLINE_SECONDS))


async def _shared_out(load: Load) -> float:
    left = iter(load.requests)
    streams = [await asyncio.open_connection("127.0.0.1", load.port) for _ in range(CONNECTIONS)]
    begun = perf_counter()
    async with asyncio.TaskGroup() as together:
        for reader, writer in streams:
            together.create_task(_exchange(reader, writer, left, load.expected))
    took = perf_counter() - begun
    for _, writer in streams:
        writer.close()
    return len(load.requests) / took


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: Iterator[bytes], expected: bytes
) -> None:
    for request in left:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not head.startswith(b"HTTP/1.1 200") or length is None:
            raise UnexpectedAnswer(head[:40].decode("latin-1"))
        body = await reader.readexactly(int(length.group(1)))
        if expected not in body:
            raise UnexpectedAnswer(body[:200].decode("utf-8", "replace"))


def _each_apart(load: Load, at_once: int, pause: float) -> list[float]:
    return asyncio.run(_waits(load, at_once, pause))


async def _waits(load: Load, at_once: int, pause: float) -> list[float]:
    left, waits = iter(load.requests), list[float]()

    async def some() -> None:
        for request in left:
            begun = perf_counter()
            async with asyncio.timeout(_DEADLINE_SECONDS):
                reader, writer = await asyncio.open_connection("127.0.0.1", load.port)
                writer.write(request)
                answer = await reader.read()
                writer.close()
            if not answer.startswith(b"HTTP/1.1 200") or load.expected not in answer:
                raise UnexpectedAnswer(answer[:200].decode("utf-8", "replace"))
            waits.append((perf_counter() - begun) * 1000)
            await asyncio.sleep(pause)

    async with asyncio.TaskGroup() as together:
        for _ in range(at_once):
            together.create_task(some())
    return waits
