"""Every way there is to a unit, by its name in the configuration. A new one is its own module and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from shared.delivery_settings import Outbox, UnitRoute
from shared.outbox.failpoints import Fail, go_on
from shared.outbox.transports import folder, https, mail, sftp
from shared.outbox.transports.way import Transport

TRANSPORTS: Final[Mapping[str, Callable[[Outbox, UnitRoute, Fail], Transport]]] = MappingProxyType(
    {
        "folder": folder.from_route,
        "https": https.from_route,
        "mail": mail.from_route,
        "sftp": sftp.from_route,
    }
)


def transports(outbox: Outbox, failpoint: Fail = go_on) -> dict[str, Transport]:
    """The way to each unit the configuration names, by the unit's id. Raises OSError where a file cannot be read."""
    return {unit_id: TRANSPORTS[route.way](outbox, route, failpoint) for unit_id, route in outbox.units.items()}
