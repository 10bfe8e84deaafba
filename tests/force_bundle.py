"""Builds ``candour-force`` as one file for a unit's PC, and opens a report with it before it is handed out.

Run as ``python -m tests.force_bundle [FILE]``. The file holds the program and its libraries as installed here, compiled
ones among them: it runs on this kind of system with this version of Python, and fetches nothing.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipapp
from datetime import date
from importlib.metadata import distribution, requires
from pathlib import Path

from packaging.requirements import Requirement

from shared.force_side.unit_keys import read_enrolment
from shared.sealing.directory import Directory, ReleaseKey
from shared.sealing.envelope import seal
from shared.sealing.envelope_file import envelope_to_bytes
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import SigningKey
from shared.sealing.signed_directory import sign_directory, with_unit

ROOT = Path(__file__).parents[1]
BUNDLE = ROOT / "candour-force.pyz"
WORDS = "The bundle opened this entry."
ISSUED, EXPIRES = date(2026, 1, 1), date(2027, 1, 1)

# Compiled libraries cannot be loaded from inside an archive, so the program unpacks itself once for each version.
_START = """\
import hashlib, os, pathlib, secrets, shutil, sys, zipfile

if sys.version_info[:2] != {version} or sys.platform != {platform!r}:
    sys.exit("This candour-force was built for Python {shown} on {platform}. Please ask the charity for another.")
itself = pathlib.Path(sys.argv[0]).resolve()
kept = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
home = pathlib.Path(kept) if kept else pathlib.Path.home() / ".cache"
unpacked = home / "candour-force" / hashlib.sha256(itself.read_bytes()).hexdigest()
if not unpacked.is_dir():
    unpacked.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = unpacked.with_name(secrets.token_hex(8) + ".part")
    aside.mkdir(mode=0o700)
    with zipfile.ZipFile(itself) as archive:
        archive.extractall(aside)
    try:
        aside.rename(unpacked)
    except OSError:  # another start was quicker
        shutil.rmtree(aside, ignore_errors=True)
sys.path[0] = str(unpacked)
from shared.force_side.cli import main
main(prog_name="candour-force")
"""


def needed() -> set[str]:
    """The base installation's libraries, and theirs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: set[str] = set()
    wanted = [Requirement(line) for line in project["dependencies"]]
    while wanted:
        one = wanted.pop()
        name = re.sub(r"[-_.]+", "-", one.name).lower()
        if name in found or (one.marker is not None and not one.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        wanted += [Requirement(line) for line in requires(name) or ()]
    return found


def build(target: Path) -> None:
    """Write the bundle, whole or not at all."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "bundle"
        for name in sorted(needed()):
            _copy_library(name, folder)
        without = shutil.ignore_patterns("__pycache__", "store", "outbox", "summary")
        shutil.copytree(ROOT / "shared", folder / "shared", ignore=without)
        version = sys.version_info[:2]
        start = _START.format(version=version, platform=sys.platform, shown=".".join(map(str, version)))
        (folder / "__main__.py").write_text(start, encoding="utf-8")
        aside = target.with_name(f".{target.name}.part")
        zipapp.create_archive(folder, aside, interpreter="/usr/bin/env python3", compressed=True)
        aside.replace(target)


def _copy_library(name: str, folder: Path) -> None:
    for file in distribution(name).files or ():
        source = Path(str(file.locate()))
        if ".." not in file.parts and source.is_file() and source.suffix != ".pyc":
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / file)


def opens_a_report(bundle: Path) -> None:
    """Enrol, receive, open and answer with the bundle alone. Raises CalledProcessError or RuntimeError."""
    root, release = SigningKey.generate(), SigningKey.generate()
    with tempfile.TemporaryDirectory() as made:
        desk = Path(made)
        named = ("keygen", "--unit", "kent-acu", "--name", "Kent ACU", "--force", "kent", "--unprotected")
        _run(bundle, desk, *named, "--root", root.public.to_text())
        unit = read_enrolment((desk / "kent-acu.enrolment.json").read_bytes()).entry(EXPIRES, None)
        key = ReleaseKey(version=1, verify=release.public)
        empty = Directory(version=1, issued=ISSUED, expires=EXPIRES, people=(), roles=(), release=key, units=())
        (desk / "directory.json").write_bytes(sign_directory(with_unit(empty, unit, ISSUED, EXPIRES), root))
        grade = {"source": "2", "assessment": "D", "handling": "C"}
        entry = {"number": 1, "text": WORDS, "proposed_grade": grade}
        document = {"marking": "OFFICIAL-SENSITIVE", "title": "Intelligence report", "entries": [entry]}
        header = new_header(EnvelopeKind.REPORT, "report", 1, unit="kent-acu")
        sealed = seal(json.dumps(document).encode(), header, [unit.reader], release)
        (desk / "one.candour").write_bytes(envelope_to_bytes(sealed))
        if WORDS not in _run(bundle, desk, "open", "one.candour"):
            raise RuntimeError("The bundle did not show the report.")
        _run(bundle, desk, "open", "one.candour", "--format", "pdf", "--output", "case")
        _run(bundle, desk, "answer", "one.candour", "--ours")
        if not (desk / "case" / "one.pdf").read_bytes().startswith(b"%PDF"):
            raise RuntimeError("The bundle did not write the pages.")


def _run(bundle: Path, desk: Path, *typed: str) -> str:
    """With a Python that sees none of the libraries installed here, and a home of its own."""
    python = getattr(sys, "_base_executable", sys.executable)
    command = [python, "-I", "-S", str(bundle.resolve()), *typed]
    home = {"XDG_CACHE_HOME": str(desk / "cache"), "LOCALAPPDATA": str(desk / "cache"), "HOME": str(desk)}
    return subprocess.run(command, cwd=desk, env=home, check=True, stdout=subprocess.PIPE, text=True).stdout


def main() -> None:
    target = Path(sys.argv[1]) if sys.argv[1:] else BUNDLE
    build(target)
    opens_a_report(target)
    megabytes = target.stat().st_size / 1_000_000
    shown = (
        f"{target.name}: {megabytes:.0f} MB, for Python {sys.version_info[0]}.{sys.version_info[1]} on {sys.platform}"
    )
    sys.stdout.write(f"{shown}; it opened and answered a report\n")


if __name__ == "__main__":
    main()
