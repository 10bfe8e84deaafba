"""Where on the network a unit is: a name is resolved once, checked, and that very address is spoken to.

Nobody but the configuration says where reports go, so what a name server says may not lead inside our own network.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from shared.outbox.troubles import CannotBeDelivered, Reason, WorldInTheWay

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Place:
    """A server as the configuration names it; ``path`` begins with a stroke or is empty."""

    host: str
    port: int
    user: str = ""
    path: str = ""

    @classmethod
    def at(cls, address: str, port: int) -> Place:
        """From ``scheme://user@host:port/path``; ``port`` is the scheme's own where none is written."""
        parts = urlsplit(address)
        return cls(parts.hostname or "", parts.port or port, parts.username or "", parts.path.rstrip("/"))

    @property
    def shown(self) -> str:
        """Host and port as an HTTP Host header has them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def resolved(host: str, port: int) -> list[str]:
    """What the system's resolver says: numeric addresses. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets through addresses on the public network and those of ``private``, the networks the configuration lists."""

    private: tuple[Network, ...] = ()
    resolve: Resolve = resolved

    @classmethod
    def listing(cls, networks: Iterable[str]) -> Gate:
        """Lets through these private networks, as the configuration writes them."""
        return cls(tuple(ipaddress.ip_network(one) for one in networks))

    def address_of(self, place: Place) -> str:
        """The one numeric address to speak to now. Raises WorldInTheWay, or CannotBeDelivered inside our network."""
        try:
            found = [ipaddress.ip_address(one.partition("%")[0]) for one in self.resolve(place.host, place.port)]
        except OSError:
            raise WorldInTheWay(Reason.NAME_NOT_FOUND, nothing_left=True) from None
        if not found:
            raise WorldInTheWay(Reason.NAME_NOT_FOUND, nothing_left=True)
        # One that leads inside is enough: a name with both is not what was configured.
        if not all(self._is_let_through(one) for one in found):
            raise CannotBeDelivered(Reason.PRIVATE_ADDRESS, nothing_left=True)
        return str(found[0])

    def _is_let_through(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
        mapped = getattr(address, "ipv4_mapped", None)
        real = mapped or address
        listed = any(real in network for network in self.private if network.version == real.version)
        return listed or _is_public(real)


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Known to be on the public network, and not by way of an older address that is translated from it."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.is_reserved or address.is_site_local:  # NAT64 and its like are among the reserved
            return False
        if address.sixtofour is not None:
            return _is_public(address.sixtofour)
    return address.is_global and not address.is_multicast
