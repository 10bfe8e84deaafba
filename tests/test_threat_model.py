"""docs/threat-model.md: each part has its section, each claim points at a test, and each test is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
POINTED = sorted(set(re.findall(r"`(tests/[a-z0-9_/]+\.py)::(test_[a-z0-9_]+)`", PAGE)))
PARTS = (
    "The service",
    "A stolen database",
    "A console",
    "One supervisor",
    "One administrator",
    "The courier",
    "A backup",
    "Twilio",
    "Who terminates TLS",
    "A force's PC",
    "The root key",
)


def _sections() -> dict[str, str]:
    parts = re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@cache
def _tests_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_part_has_a_section_that_says_both() -> None:
    sections = _sections()

    assert tuple(sections) == PARTS
    for name, words in sections.items():
        assert words.count("**Surrendered**") == words.count("**Not surrendered**") == 1, name


def test_every_section_points_at_tests() -> None:
    for name, words in _sections().items():
        claims = words.split("**Not surrendered**")[1]
        assert len(re.findall(r"::test_", claims)) >= 2, name


@pytest.mark.parametrize(("path", "name"), POINTED)
def test_every_test_pointed_at_is_there(path: str, name: str) -> None:
    assert (ROOT / path).is_file()
    assert name in _tests_in(path)


def test_there_are_tests_to_point_at() -> None:
    assert len(POINTED) > 40
    assert PAGE.count("`tests/") == len(re.findall(r"`tests/[a-z0-9_/]+\.py::test_[a-z0-9_]+`", PAGE))
