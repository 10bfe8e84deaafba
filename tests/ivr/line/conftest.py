"""The menu in both its forms, and its words."""

from dataclasses import replace

import pytest

from ivr.line.menu import Nodes, nodes
from ivr.line.prompts import Prompts, load_prompts
from ivr.line.urls import LineUrls
from shared.domain.vocabulary import Language


@pytest.fixture(params=[False, True], ids=["welsh-unreviewed", "welsh-reviewed"])
def table(request: pytest.FixtureRequest) -> Nodes:
    return nodes(welsh_reviewed=request.param)


@pytest.fixture(scope="session")
def prompts() -> Prompts:
    return load_prompts()


@pytest.fixture(scope="session")
def reviewed_prompts(prompts: Prompts) -> Prompts:
    """The prompts as they will be spoken once the Welsh is approved."""
    return replace(prompts, reviewed=frozenset(Language))


@pytest.fixture
def urls() -> LineUrls:
    return LineUrls("https://line.example")
