"""The force directory as the menu and the desk use it."""

from collections import Counter

from shared.domain.forces import FORCES, REGIONS, forces_in


def test_there_are_forty_eight_forces_in_nine_regions() -> None:
    assert len(FORCES) == 48
    assert len(REGIONS) == 9


def test_every_force_is_in_one_region_under_a_key_of_its_own() -> None:
    taken = Counter((force.region, force.key) for force in FORCES.values())

    assert {region for region, _ in taken} == set(REGIONS)
    assert {key for _, key in taken} <= set("123456789")
    assert set(taken.values()) == {1}


def test_regions_have_the_keys_one_to_nine_in_order() -> None:
    assert [region.key for region in REGIONS.values()] == list("123456789")


def test_forces_of_a_region_come_in_the_order_of_their_keys() -> None:
    assert [force.id for force in forces_in("london")] == ["metropolitan", "city-of-london"]
    assert forces_in("atlantis") == ()


def test_the_four_welsh_forces_have_welsh_names() -> None:
    welsh = {force.id for force in FORCES.values() if force.nation == "Wales" and force.name_cy}

    assert welsh == {"dyfed-powys", "gwent", "north-wales", "south-wales"}


def test_other_names_are_split() -> None:
    assert FORCES["metropolitan"].other_names == ("the Met", "MPS")
    assert FORCES["kent"].other_names == ()


def test_every_force_names_who_receives_and_who_oversees() -> None:
    assert all(force.receiving_unit and force.oversight_body for force in FORCES.values())
    assert FORCES["police-scotland"].oversight_body == "PIRC"
    assert FORCES["northern-ireland"].oversight_body == "PONI"
