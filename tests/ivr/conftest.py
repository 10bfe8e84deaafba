"""An organisation founded once with ``candour init``, and copied for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.office import Office, copied


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture(scope="session")
def founded_once(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("office"))
    assert office.found().exit_code == 0
    return office


@pytest.fixture
def founded(founded_once: Office, tmp_path: Path) -> Office:
    """A founded organisation of this test's own: founding takes a second, a copy does not."""
    return copied(founded_once, tmp_path)
