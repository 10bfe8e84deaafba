"""A unit's system that takes reports by HTTPS: it persists, then says 201; it can be told to do otherwise."""

from __future__ import annotations

import gzip
import json
import sqlite3
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from shared.domain.vocabulary import Verdict
from shared.sealing.answers import sign_answer
from shared.sealing.canonical import from_base64url, to_base64url
from shared.sealing.envelope_file import envelope_from_bytes
from shared.sealing.errors import SealingError
from shared.sealing.keys import SigningKey

MEDIA_TYPE = "application/vnd.api+json"
SWOLLEN_BYTES = 64 * 1024 * 1024


class Behaves(Enum):
    """How the system treats one request."""

    WELL = "well"
    FAILS = "fails"  # 503, nothing kept
    FAILS_LATE = "fails late"  # kept, yet 503
    HANGS_UP = "hangs up"  # kept, and no answer
    SAYS_OK = "says ok"  # 200 with nothing, nothing kept
    KEEPS_HALF = "keeps half"
    ELSEWHERE = "elsewhere"  # a redirect
    REFUSES = "refuses"  # 422
    UNAUTHORISED = "unauthorised"
    BUSY = "busy"  # 429
    SWELLS = "swells"  # kept, and an answer that is small on the way and SWOLLEN_BYTES unpacked


_SAID = {
    Behaves.FAILS: 503, Behaves.FAILS_LATE: 503, Behaves.SAYS_OK: 200, Behaves.ELSEWHERE: 307, Behaves.REFUSES: 422,
    Behaves.UNAUTHORISED: 401, Behaves.BUSY: 429,
}  # fmt: skip
_KEEPS = {Behaves.WELL, Behaves.FAILS_LATE, Behaves.HANGS_UP, Behaves.KEEPS_HALF, Behaves.SWELLS}


@dataclass
class UnitSystem:
    """``answering`` has a unit's key by its id: reports are then answered *opened* and *ours* as they come."""

    database: Path
    behaves: Callable[[], Behaves] = lambda: Behaves.WELL
    answering: dict[str, SigningKey] = field(default_factory=dict)
    api_key: str = ""
    asked: list[str] = field(default_factory=list)  # API keys, as they were given
    listed: list[object] = field(default_factory=list)  # what else stands among the answers, as it is listed
    page_size: int = 0  # of the list of answers; 0: all on one page

    def connection(self) -> sqlite3.Connection:
        found = sqlite3.connect(self.database, isolation_level=None, timeout=10)
        found.execute("PRAGMA journal_mode=WAL")
        found.execute("PRAGMA synchronous=FULL")
        found.execute(
            "CREATE TABLE IF NOT EXISTS received"
            " (number INTEGER PRIMARY KEY AUTOINCREMENT, unit TEXT, name TEXT, digest BLOB, written BLOB,"
            " UNIQUE (unit, name))"
        )
        return found

    def received(self, unit: str) -> list[tuple[str, bytes]]:
        """Name and bytes of everything kept for a unit, as it came."""
        found = self.connection()
        try:
            asked = "SELECT name, written FROM received WHERE unit = ? ORDER BY number"
            return list(found.execute(asked, (unit,)))
        finally:
            found.close()

    def keep(self, database: sqlite3.Connection, unit: str, name: str, written: bytes) -> bytes | None:
        """The digest of what is kept under the name now; None where that is something else."""
        try:
            digest = envelope_from_bytes(written).digest
        except SealingError:
            digest = b"\0" * 32
        row = (unit, name, digest, written)
        database.execute("INSERT OR IGNORE INTO received (unit, name, digest, written) VALUES (?, ?, ?, ?)", row)
        asked = "SELECT digest FROM received WHERE unit = ? AND name = ?"
        kept: bytes = database.execute(asked, (unit, name)).fetchone()[0]
        return kept if kept == digest else None

    def answers(self, database: sqlite3.Connection, unit: str) -> Iterator[tuple[str, bytes]]:
        signing = self.answering.get(unit)
        if signing is None:
            return
        asked = "SELECT digest FROM received WHERE unit = ? AND name NOT LIKE '%.%' ORDER BY number"
        for (digest,) in database.execute(asked, (unit,)):
            for verdict in (Verdict.OPENED, Verdict.OURS):
                yield f"{digest.hex()}.{verdict.value}", sign_answer(verdict, digest, unit, signing)

    def server(self, tls: ssl.SSLContext, port: int = 0) -> ThreadingHTTPServer:
        """Listening on loopback, not serving yet."""
        server = _Server(("127.0.0.1", port), type("Handler", (_Handler,), {"system": self}))
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        return server


@contextmanager
def serving(system: UnitSystem, tls: ssl.SSLContext) -> Iterator[int]:
    """The port it is served at, in a thread."""
    server = system.server(tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away, or has no certificate, is no fault of ours."""


class _Handler(BaseHTTPRequestHandler):
    system: UnitSystem
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.database = self.system.connection()

    def finish(self) -> None:
        self.database.close()
        super().finish()

    def log_message(self, *_said: object) -> None:
        pass

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        content = self.rfile.read(length)
        if len(content) < length:
            self.close_connection = True  # cut off on the way: nothing is kept
            return
        self.system.asked.append(self.headers.get("X-Api-Key", ""))
        behaves, posted = self.system.behaves(), json.loads(content)
        if self.system.api_key and self.headers.get("X-Api-Key") != self.system.api_key:
            behaves = Behaves.UNAUTHORISED
        kept = self._kept(posted, behaves) if behaves in _KEEPS else b""
        if behaves is Behaves.HANGS_UP:
            self.close_connection = True
            return
        name = posted["data"]["id"]
        if behaves is Behaves.SWELLS:
            self._swell(201)
        elif behaves in _SAID:
            self._say(_SAID[behaves], None)
        elif kept is None:
            self._say(409, {"errors": [{"status": "409"}]})
        else:
            self._say(201, {"data": {"type": "incident", "id": name, "attributes": {"contentDigest": kept.hex()}}})

    def _kept(self, posted: dict, behaves: Behaves) -> bytes | None:
        attributes = posted["included"][0]["attributes"]
        written = from_base64url(attributes["submissionContent"])
        if behaves is Behaves.KEEPS_HALF:
            return b"half of it".ljust(32)
        return self.system.keep(self.database, self._unit(), posted["data"]["id"], written)

    def do_GET(self) -> None:
        match self.system.behaves():
            case Behaves.WELL:
                found = self.system.answers(self.database, self._unit())
                self._say_page([*self.system.listed, *(answer_entry(id, one) for id, one in found)])
            case Behaves.HANGS_UP:
                self.close_connection = True
            case Behaves.SWELLS:
                self._swell(200)
            case _:
                self._say(503, None)

    def _say_page(self, listed: list[object]) -> None:
        size, start = self.system.page_size, int(self.path.partition("?start=")[2] or 0)
        if not size:
            self._say(200, {"data": listed})
            return
        more = start + size < len(listed)
        # The address is a lie: only its query may be believed.
        link = f"https://elsewhere.example.test/answers?start={start + size}" if more else None
        self._say(200, {"data": listed[start : start + size], "links": {"next": link}})

    def _swell(self, status: int) -> None:
        written = gzip.compress(_packed_spaces())
        self.send_response(status)
        self.send_header("Content-Encoding", "gzip, gzip")
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def _unit(self) -> str:
        return self.path.split("/")[1]

    def _say(self, status: int, document: object) -> None:
        written = b"" if document is None else json.dumps(document).encode()
        self.send_response(status)
        if status == 307:
            self.send_header("Location", "https://elsewhere.example.test/")
        self.send_header("Content-Type", MEDIA_TYPE)
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)


def _packed_spaces() -> bytes:
    """SWOLLEN_BYTES of them, never all of them in memory."""
    piece, packer = b" " * 65_536, zlib.compressobj(wbits=31)
    return b"".join([packer.compress(piece) for _ in range(SWOLLEN_BYTES // len(piece))]) + packer.flush()


def answer_entry(name: str, written: bytes) -> dict[str, object]:
    """As the system lists an answer."""
    return {"type": "answer", "id": name, "attributes": {"content": to_base64url(written)}}
