"""``candour-force`` as one file: built from what is installed here, and run by a Python that sees none of it."""

from pathlib import Path

from tests.force_bundle import build, opens_a_report


def test_the_one_file_enrols_a_unit_and_opens_and_answers_a_report(tmp_path: Path) -> None:
    bundle = tmp_path / "candour-force.pyz"

    build(bundle)

    opens_a_report(bundle)
