"""Addresses a configuration may hold: where to listen, where Twilio finds the line, where the database is.

It opens none of them.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

_HIGHEST_PORT: Final = 65_535
_PRIVATE: Final = tuple(
    ipaddress.ip_network(network) for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_POSTGRESQL: Final = re.compile(r"postgresql(\+psycopg)?://[^/\s]*/[^/\s?]+(\?\S*)?")


class AddressImpossible(ValueError):
    """Not an address of the kind wanted. ``fact`` says what would be right and never repeats what was given."""

    def __init__(self, fact: str) -> None:
        super().__init__(fact)
        self.fact = fact


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port, 1 to 65535, to listen on."""

    host: str
    port: int

    @classmethod
    def from_text(cls, text: str) -> Address:
        """Read ``host:port``, with brackets around an IPv6 host. Raises AddressImpossible."""
        host, colon, port = text.rpartition(":")
        bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        if not colon or not _is_host(bare) or (":" in bare and bare == host):
            raise AddressImpossible("host and port, like 127.0.0.1:8080")
        if not (port.isascii() and port.isdigit() and 1 <= int(port) <= _HIGHEST_PORT):
            raise AddressImpossible("a port from 1 to 65535 after the colon, like 127.0.0.1:8080")
        return cls(bare, int(port))

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return is_loopback(self.host)

    @property
    def is_private(self) -> bool:
        """Whether no network but this machine's or a private one can reach it (RFC 1918, RFC 4193)."""
        try:
            address = ipaddress.ip_address(self.host)
        except ValueError:
            return self.is_loopback
        return self.is_loopback or any(address in network for network in _PRIVATE)

    @property
    def family(self) -> socket.AddressFamily:
        return socket.AF_INET6 if ":" in self.host else socket.AF_INET

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def is_loopback(host: str) -> bool:
    """Whether a host name or number means this machine, without asking a name server."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _is_host(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return _HOST.fullmatch(text) is not None
    return True


def public_url(text: str) -> str:
    """The line's public address as Twilio signs it: scheme and host in lower case, no path. Raises AddressImpossible.

    A path would change what Twilio signs, and Twilio refuses host names with an underscore.
    """
    parts, port = _split(text)
    host = parts.hostname or ""
    if "_" in host:
        raise AddressImpossible("a host name without an underscore; Twilio refuses those")
    if not _is_host(host) or parts.username is not None:
        raise AddressImpossible("https://host, with a host name")
    if parts.path not in ("", "/") or parts.query or parts.fragment or text.endswith(("?", "#")):
        raise AddressImpossible("https://host alone, with no path, question mark or fragment after it")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise AddressImpossible("https://host; plain http only on this machine, like http://127.0.0.1:8080")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" if port is None else f"{parts.scheme}://{shown}:{port}"


def _split(text: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(text)
        return parts, parts.port
    except ValueError:
        raise AddressImpossible("https://host, like https://line.example.org") from None


def database_url(text: str, folder: Path) -> str:
    """The SQLAlchemy URL of a database; a relative SQLite path is beside ``folder``. Raises AddressImpossible."""
    scheme, _, path = text.partition("///")
    if scheme == "sqlite:" and path and not path.startswith(":") and "?" not in path:
        return f"sqlite:///{folder / path}"
    if _POSTGRESQL.fullmatch(text):
        return re.sub(r"^postgresql(\+psycopg)?:", "postgresql+psycopg:", text)
    raise AddressImpossible("sqlite:///path or postgresql://user:password@host/name")
