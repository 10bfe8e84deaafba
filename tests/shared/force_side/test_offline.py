"""``candour-force`` asks no network and writes nothing it was not told to: every file opened for writing is noted."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shared.force_side.unit_file import unit_file_text
from shared.force_side.unit_keys import keys_to_bytes
from shared.sealing.keys import VerifyKey
from tests.shared.sealing.unit_files import ANSWERS, FACTS, FOLDER, IN, REPORT, ROOT, unit_keys

WATCHED = """
import json, os, sys
sockets, written = [], []
def note(event, arguments):
    if event.startswith("socket."):
        sockets.append(event)
    if event == "open" and not isinstance(arguments[0], int):  # a descriptor was opened before
        if (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            written.append(os.fsdecode(arguments[0]))
    if event in ("os.rename", "os.link", "os.symlink"):
        written.append(os.fsdecode(arguments[1]))
from click.testing import CliRunner
from shared.force_side.cli import main
sys.addaudithook(note)
found = [CliRunner().invoke(main, typed).exit_code for typed in json.loads(sys.argv[1])]
print(json.dumps([found, sockets, written]))
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The committed unit's folder, before anything was answered."""
    shutil.copytree(IN, tmp_path / "in", ignore=shutil.ignore_patterns("answers"))
    shutil.copy(FOLDER / "directory.json", tmp_path)
    keys = unit_keys()
    (tmp_path / "keys.json").write_bytes(keys_to_bytes(keys, None))
    written = unit_file_text(keys.unit, VerifyKey(ROOT), "directory.json", "keys.json")
    (tmp_path / "unit.toml").write_text(written, encoding="utf-8")
    return tmp_path


def _watched(desk: Path, *commands: tuple[str, ...]) -> set[str]:
    """Run commands one after the other; the files written, from the desk. Each must succeed, and use no network."""
    typed = json.dumps([["--unit-file", "unit.toml", *words] for words in commands])
    program = [sys.executable, "-c", WATCHED, typed]
    paths = {"PYTHONPATH": str(Path(__file__).parents[3]), "HOME": str(desk), "TZ": "UTC"}
    ran = subprocess.run(program, cwd=desk, env=paths, check=True, capture_output=True, text=True)
    exits, sockets, written = json.loads(ran.stdout)
    assert exits == [0] * len(commands)
    assert sockets == []
    return {str(desk.joinpath(path).relative_to(desk)) for path in written if ".part" not in path}


def test_a_units_whole_work_asks_no_network_and_leaves_only_what_it_signed(desk: Path) -> None:
    report = str(Path("in") / REPORT)
    counted = ("--assessed", "1", "--investigations", "0", "--safeguarding", "0", "--recorded", "1", "--passed-on", "0")

    written = _watched(
        desk,
        ("verify", report),
        ("watch", "in", "--once"),
        ("open", "in", "--withdrawn"),
        ("open", report, "--format", "json"),
        ("open", report, "--format", "pole"),
        ("answer", report, "--ours"),
        ("ask", report, "Which gate?"),
        ("outcomes", "in", "2026-q1", *counted),
    )

    signed = {path for path in written if path.startswith("in/answers/")}
    named = {name for name in FACTS["answers"] if not name.endswith("not_ours.answer")} | {"outcomes-2026-q1.answer"}
    assert written - signed == {"directory.json.seen"}
    assert {Path(path).name for path in signed if "question-" not in path} == named
    assert all(path.suffix == ".answer" for path in (desk / "in" / "answers").iterdir())
    for name in named - {"outcomes-2026-q1.answer"}:
        assert (desk / "in" / "answers" / name).read_bytes() == (ANSWERS / name).read_bytes()


def test_readable_words_are_written_only_into_the_folder_that_was_named(desk: Path) -> None:
    report = str(Path("in") / REPORT)

    formats = ("text", "json", "pole", "pdf")
    written = _watched(desk, *(("open", report, "--format", one, "--output", "case") for one in formats))

    stem = Path(REPORT).stem
    assert {path for path in written if not path.startswith("in/answers/")} == {
        "directory.json.seen", *(f"case/{stem}.{one}" for one in ("txt", "json", "pole.json", "pdf")),
    }  # fmt: skip
    assert (desk / "case").stat().st_mode & 0o077 == 0
