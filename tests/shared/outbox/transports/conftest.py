"""A sealed report to send, and an authority for the servers it is sent to."""

from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path

import pytest

from shared.outbox.transports.places import Gate
from shared.sealing.envelope import Envelope, seal
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import ReaderKey, SigningKey
from tests.support.certificates import Authority

NAME = "0123456789abcdef0123456789abcdef"
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
