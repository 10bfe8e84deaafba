"""A charity with its root and release keys, and a unit enrolled with it in a folder of its own."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from shared.domain.vocabulary import Category, Mode
from shared.force_side.cli import main
from shared.force_side.unit_keys import read_enrolment
from shared.forms import ReleaseFacts, disseminated, load_form, prefill
from shared.sealing.directory import Directory, ReleaseKey, Unit
from shared.sealing.envelope import Envelope, seal
from shared.sealing.envelope_file import envelope_to_bytes
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import SigningKey
from shared.sealing.signed_directory import sign_directory, with_unit

ISSUED, EXPIRES = date(2026, 1, 1), date(2027, 1, 1)
WORDS = "A serving officer is believed to be paid for early word of inspections."


def a_document() -> dict[str, Any]:
    form = load_form("report.v1")
    content = prefill(form, Mode.ANONYMOUS, Category.PERSONAL_ADVANTAGE, "kent")
    content["entries"][0]["text"] = WORDS
    facts = ReleaseFacts(Mode.ANONYMOUS, Category.PERSONAL_ADVANTAGE, "kent", date(2026, 3, 10))
    return disseminated(form, content, facts)


@dataclass
class Charity:
    root: SigningKey
    release: SigningKey

    def directory(self, *units: Unit) -> Directory:
        key = ReleaseKey(version=1, verify=self.release.public)
        first = Directory(version=1, issued=ISSUED, expires=EXPIRES, people=(), roles=(), release=key, units=())
        for unit in units:
            first = with_unit(first, unit, ISSUED, EXPIRES)
        return first


@dataclass
class Desk:
    """The unit's desk: its folder, and the command as typed there."""

    folder: Path
    charity: Charity
    unit: Unit

    def types(self, *words: str, entered: str = "") -> Result:
        return CliRunner().invoke(main, ["--unit-file", str(self.folder / "unit.toml"), *words], input=entered)

    def sealed(self, content: bytes | None = None, signing: SigningKey | None = None, unit: str = "") -> Envelope:
        header = new_header(EnvelopeKind.REPORT, "report", 1, unit=unit or self.unit.id)
        words = json.dumps(a_document()).encode() if content is None else content
        return seal(words, header, [self.unit.reader], signing or self.charity.release)

    def receives(self, name: str, envelope: Envelope) -> Path:
        path = self.folder / "in" / f"{name}.candour"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(envelope_to_bytes(envelope))
        return path

    def everything_written(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
def charity() -> Charity:
    return Charity(SigningKey.generate(), SigningKey.generate())


@pytest.fixture
def desk(charity: Charity, tmp_path: Path) -> Desk:
    folder = tmp_path / "unit"
    folder.mkdir()
    typed = ["--unit-file", str(folder / "unit.toml"), "keygen", "--unit", "kent-acu", "--name", "Kent ACU"]
    made = CliRunner().invoke(
        main, [*typed, "--force", "kent", "--unprotected", "--root", charity.root.public.to_text()]
    )
    assert made.exit_code == 0, made.output
    unit = read_enrolment((folder / "kent-acu.enrolment.json").read_bytes()).entry(EXPIRES, None)
    (folder / "directory.json").write_bytes(sign_directory(charity.directory(unit), charity.root))
    return Desk(folder, charity, unit)
