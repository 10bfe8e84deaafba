"""Rules that hold for every file of the project, whoever writes it."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.cli import COMMANDS

ROOT = Path(__file__).parents[1]
LONGEST_MODULE = 400  # lines; past that there is a second idea in it
PRODUCT = ("ivr/", "console/", "shared/", "voice_prompts/")
NO_TEXT = (".wav", ".png", ".db")

# Numbers that Ofcom keeps free for drama (https://www.ofcom.org.uk, "Numbers for use in drama"), without the first 0.
PUBLISHED_HELPLINES = "shared/vocabulary/signposting.toml"  # which handlers read out
DRAMA = re.compile(
    r"207946 0\d{3}|11[3-8]4960\d{3}|1[23456]14960\d{3}|1914980\d{3}|28964960\d{2}|2896496\d{3}|292018 0\d{3}"
    r"|1632960\d{3}|7700900\d{3}|808157 0\d{3}|9098790\d{3}|3069990\d{3}".replace(" ", "")
)
UK_NUMBER = re.compile(r"(?<![\w.+/-])(?!0123456789)(?:\+44[ -]?(?:\(0\))?|0)((?:[ -]?\d){9,10})(?![\w/{-])")

# Written apart, so that this file does not hold the words itself.
NOT_OURS = {
    "a package index": re.compile(
        "pypi" + r"\.org|python" + "hosted|npm" + r"js\.org|debian" + r"\.org", re.IGNORECASE
    ),
    "a machine's path": re.compile("/ro" + r"ot/|/wo" + r"rk/|/ho" + r"me/[a-z]|/opt/wh" + "eels"),
    "work still to do": re.compile("TO" + "DO|FIX" + "ME|X" + "XX"),
    "how it was written": re.compile(r"\bissue " + r"\d|\bhel" + r"per session\b", re.IGNORECASE),
}


def tracked() -> list[Path]:
    """Every file of the project, as git knows them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file()]


def texts() -> Iterator[tuple[str, str]]:
    for path in tracked():
        if path.suffix not in NO_TEXT:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def modules() -> Iterator[tuple[str, str]]:
    """The product's own modules, less the migrations, which are drawn from a template."""
    for name, text in texts():
        if name.endswith(".py") and name.startswith(PRODUCT) and "/migrations/versions/" not in name:
            yield name, text


@pytest.mark.parametrize("what", NOT_OURS)
def test_no_file_names_what_is_not_the_product_s(what: str) -> None:
    found = [
        f"{name}:{number}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if NOT_OURS[what].search(line)
    ]

    assert not found


def test_telephone_numbers_are_those_kept_free_for_drama() -> None:
    real = [
        f"{name}: {match.group().strip()}"
        for name, text in texts()
        if name not in ("requirements.lock", PUBLISHED_HELPLINES)
        for match in UK_NUMBER.finditer(text)
        if not DRAMA.fullmatch(re.sub(r"\D", "", match[1]))
    ]

    assert not real


@pytest.mark.parametrize(
    ("number", "kept_free"),
    # The real ones are written apart, for this file keeps the rule too.
    [("020 7946 0123", True), ("+44 113 496 0123", True), ("0808 157 0123", True), ("029 2018 0123", True),
     ("020 7123 " + "4567", False), ("+44791112" + "3456", False), ("0113 497 " + "0123", False)],
)  # fmt: skip
def test_the_rule_knows_a_real_number_from_one_for_drama(number: str, kept_free: bool) -> None:
    found = UK_NUMBER.search(number)

    assert found is not None
    assert bool(DRAMA.fullmatch(re.sub(r"\D", "", found[1]))) is kept_free


def test_every_module_says_what_it_is_for() -> None:
    silent = [name for name, text in modules() if text.strip() and ast.get_docstring(ast.parse(text)) is None]

    assert not silent


def test_no_module_holds_two_ideas() -> None:
    long = {name: lines for name, text in modules() if (lines := len(text.splitlines())) > LONGEST_MODULE}

    assert not long


def test_every_dependency_is_locked_with_hashes_and_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")

    assert "://" not in lock
    assert "--index" not in lock
    for package in re.split(r"\n(?=[a-z0-9])", lock.strip()):
        assert "--hash=sha256:" in package, package.splitlines()[0]


def test_every_make_target_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None

    explained = re.findall(r"^([a-z-]+):.*## \S", makefile, re.MULTILINE)

    assert sorted(explained) == sorted(phony[1].split())


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    missing = [command for command in COMMANDS if f"candour {command}" not in readme]

    assert not missing or "candour serve" not in readme
