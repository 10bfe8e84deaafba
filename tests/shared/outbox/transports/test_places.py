"""Where reports may be sent: only where the configuration says, and never by a name's trick into our own network."""

from ipaddress import ip_network

import pytest

from shared.outbox.transports.places import Gate, Place
from shared.outbox.troubles import CannotBeDelivered, Reason, WorldInTheWay

PUBLIC = "93.184.216.34"


def gate(*found: str, private: tuple[str, ...] = ()) -> Gate:
    return Gate(tuple(ip_network(one) for one in private), lambda _host, _port: found)


def test_a_public_address_is_let_through() -> None:
    for public in (PUBLIC, "2606:2800:220:1::1"):
        assert gate(public).address_of(Place("unit.example.test", 443)) == public


@pytest.mark.parametrize(
    "inside",
    ["127.0.0.1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.7", "224.0.0.1",
     "::1", "fe80::1%eth0", "fd00::1", "::ffff:10.1.2.3", "::", "::127.0.0.1", "64:ff9b::10.1.2.3",
     "64:ff9b:1::10.1.2.3", "::ffff:0:10.1.2.3", "2002:a01:203::1", "fec0::1"],
)  # fmt: skip
def test_an_address_inside_a_private_network_is_refused(inside: str) -> None:
    with pytest.raises(CannotBeDelivered) as found:
        gate(inside).address_of(Place("unit.example.test", 443))

    assert found.value.reason is Reason.PRIVATE_ADDRESS


def test_a_name_that_leads_both_out_and_in_is_refused() -> None:
    with pytest.raises(CannotBeDelivered):
        gate(PUBLIC, "10.1.2.3").address_of(Place("unit.example.test", 443))


def test_a_private_network_that_is_listed_is_let_through() -> None:
    listed = gate("10.1.2.3", private=("10.1.0.0/16",))

    assert listed.address_of(Place("unit.example.test", 443)) == "10.1.2.3"


def test_a_name_nobody_knows_is_tried_again() -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise OSError

    with pytest.raises(WorldInTheWay):
        Gate((), unknown).address_of(Place("unit.example.test", 443))
    with pytest.raises(WorldInTheWay):
        gate().address_of(Place("unit.example.test", 443))


def test_a_place_is_read_as_the_configuration_writes_it() -> None:
    assert Place.at("sftp://candour@files.example.test/in/", 22) == Place("files.example.test", 22, "candour", "/in")
    assert Place.at("https://unit.example.test:8443/reports", 443) == Place("unit.example.test", 8443, "", "/reports")
