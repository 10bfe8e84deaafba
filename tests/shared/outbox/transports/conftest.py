"""A sealed report to send, and an authority for the servers it is sent to."""

from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path

import asyncssh
import pytest

from shared.outbox.transports.places import Gate, Place
from shared.outbox.transports.sftp import SftpTransport
from shared.sealing.envelope import Envelope, seal
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import ReaderKey, SigningKey
from tests.support.certificates import Authority
from tests.support.sftp_server import Shelf, sftp_server

NAME = "0123456789abcdef0123456789abcdef"
SFTP_HOST = "unit.example.test"
LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def make_envelope() -> Callable[..., Envelope]:
    unit, supervisors, release = ReaderKey.generate(), ReaderKey.generate(), SigningKey.generate()

    def make(words: bytes = b"{}") -> Envelope:
        header = new_header(EnvelopeKind.REPORT, "report", 1, unit="kent-acu")
        return seal(words, header, [unit.public, supervisors.public], release).only_wrap(unit.key_id)

    return make


@pytest.fixture
def envelope(make_envelope: Callable[..., Envelope]) -> Envelope:
    return make_envelope()


@pytest.fixture
def gate() -> Gate:
    """The name servers of these tests know one host, which is here."""
    return Gate(LOOPBACK, lambda _host, _port: ["127.0.0.1"])


@pytest.fixture
def name() -> str:
    return NAME


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    written = tmp_path / "secret"
    written.write_text("the key of the unit\n", encoding="utf-8")
    return written


# --- a unit's SFTP server ---------------------------------------------------------------------------------------------


@pytest.fixture
def reports(tmp_path) -> Path:
    folder = tmp_path / "sftp" / "reports"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def shelf(reports) -> type[Shelf]:
    return type("OneShelf", (Shelf,), {"folder": reports.parent})


@pytest.fixture
def sftp_way(shelf, tmp_path, gate):
    host_key, ours = asyncssh.generate_private_key("ssh-ed25519"), asyncssh.generate_private_key("ssh-ed25519")
    ours.write_private_key(str(tmp_path / "key"))
    ours.write_public_key(str(tmp_path / "known_clients"))
    with sftp_server(shelf, host_key, tmp_path / "known_clients") as port:
        written = host_key.export_public_key().decode().strip()
        known = f"[{SFTP_HOST}]:{port} {written}\n{SFTP_HOST} {written}\n"
        (tmp_path / "host_keys").write_text(known, encoding="utf-8")
        place = Place(SFTP_HOST, port, "candour", "/reports")
        yield SftpTransport(place, tmp_path / "key", tmp_path / "host_keys", gate)
