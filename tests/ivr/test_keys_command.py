"""``candour keys`` and ``force``: two administrators, a root that stays elsewhere, and files that travel by hand."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import insert, select

from shared.domain.people import current_directory
from shared.domain.vocabulary import QuestionState
from shared.force_side.unit_keys import UnitKeys, enrolment_request, new_unit_keys
from shared.sealing.envelope_file import envelope_from_bytes, envelope_to_bytes
from shared.sealing.keys import SigningKey
from shared.sealing.questions import Question, seal_question
from shared.store.database import Store, open_store
from shared.store.schema import question
from tests.support.office import Office, copied

ADMINISTRATORS = ("Eve", "Tom")


@dataclass(frozen=True, slots=True)
class Charity:
    """An office with two administrators; the root's file is carried about as one would."""

    office: Office

    def both(self) -> list[str]:
        named = [word for name in ADMINISTRATORS for word in ("--administrator", name)]
        for name in ADMINISTRATORS:
            named += ["--administrator-passphrase-file", self.office.passphrase(name)]
        return named

    def request(self, unit: str = "kent-psd", forces: tuple[str, ...] = ("kent",)) -> tuple[Path, UnitKeys]:
        keys = new_unit_keys(unit)
        file = self.office.folder / f"{unit}.enrolment.json"
        file.write_bytes(enrolment_request(keys, unit.replace("-", " ").title(), forces))
        return file, keys

    def asks_for(self, unit: str, forces: tuple[str, ...], *words: str) -> Result:
        file, _ = self.request(unit, forces)
        named = [word for force in forces for word in ("--force", force)]
        return self.office.candour("force", "add-unit", unit, *named, "--request", str(file), "--later", *words)

    def signs_elsewhere(self) -> tuple[Result, Result, Result]:
        folder = self.office.folder
        request, signed = str(folder / "request"), str(folder / "signed")
        exported = self.office.candour("keys", "export", request)
        at_the_root = self.office.candour(
            "--config", "/nowhere.toml", "keys", "sign", request, signed, "--root", str(folder / "data-root.key"),
            "--root-passphrase-file", self.office.passphrase("root"), "--yes",
        )  # fmt: skip
        return exported, at_the_root, self.office.candour("keys", "import", signed)


@pytest.fixture(scope="module")
def with_administrators(founded_once: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = copied(founded_once, tmp_path_factory.mktemp("administered"))
    for name in ADMINISTRATORS:
        assert office.take_in(name, "--role", "administrator").exit_code == 0
    return office


@pytest.fixture
def charity(with_administrators: Office, tmp_path: Path) -> Charity:
    return Charity(copied(with_administrators, tmp_path))


def _store(office: Office) -> closing[Store]:
    return closing(open_store(f"sqlite:///{office.data / 'candour.db'}"))


def test_a_unit_enters_by_two_administrators_and_a_root_that_is_elsewhere(charity: Charity) -> None:
    asked = charity.asks_for("kent-psd", ("kent",), "--yes", *charity.both())

    exported, signed, imported = charity.signs_elsewhere()

    assert asked.exit_code == 0, asked.output
    assert "waits for the root's signature" in asked.output
    for told in (exported, signed):
        assert told.exit_code == 0, told.output
        assert "A unit is new: Kent Psd (kent-psd), for kent;" in told.output
    assert imported.exit_code == 0, imported.output
    assert "kent-psd" in charity.office.candour("keys", "show").output
    assert charity.office.candour("audit", "verify").exit_code == 0


def test_one_administrator_alone_changes_nothing(charity: Charity) -> None:
    one = ["--administrator", "Eve", "--administrator-passphrase-file", charity.office.passphrase("Eve")]

    told = charity.asks_for("kent-psd", ("kent",), "--yes", *one)

    assert told.exit_code == 1
    assert "One more administrator has to vouch for this" in told.output
    assert "kent-psd" not in charity.office.candour("keys", "export", str(charity.office.folder / "r")).output


def test_each_of_the_two_has_to_have_heard_the_words(charity: Charity) -> None:
    file, _ = charity.request()
    asked = ("force", "add-unit", "kent-psd", "--force", "kent", "--request", str(file), "--later", *charity.both())

    told = charity.office.candour(*asked, typed="y\nn\n")

    words = told.output.split("has these words:")[1].split("Eve:")[0].split()
    assert len(words) == 12
    assert "Tom: have you heard" in told.output
    assert told.exit_code == 1
    assert "kent-psd" not in charity.office.candour("keys", "export", str(charity.office.folder / "r")).output


def test_the_next_person_needs_both_administrators_too(charity: Charity) -> None:
    refused = charity.office.candour(
        "person", "add", "Nia", "--role", "auditor", "--passphrase-file", charity.office.passphrase("Eve"),
        "--root-passphrase-file", charity.office.passphrase("root"),
    )  # fmt: skip

    assert refused.exit_code == 1
    assert "Two different administrators" in refused.output
    assert "Nia" not in charity.office.candour("person", "list").output


def test_a_role_key_is_made_anew_by_a_member_and_signed_elsewhere(charity: Charity) -> None:
    def by(name: str) -> tuple[str, ...]:
        return "--by", name, "--by-passphrase-file", charity.office.passphrase(name)

    refused = charity.office.candour("keys", "renew-role", "supervisors", *by("Eve"))
    renewed = charity.office.candour("keys", "renew-role", "supervisors", *by("Rhian"))
    _, signed, _ = charity.signs_elsewhere()
    rewrapped = charity.office.candour("keys", "rewrap", *by("Rhian"))

    assert "does not hold this key" in refused.output
    assert renewed.exit_code == 0, renewed.output
    assert "The supervisors' key is new, version 2:" in signed.output
    assert rewrapped.output == "Sealed to the present keys: reports 0, questions 0.\n"


def test_a_role_key_made_twice_comes_into_use_only_as_it_is_held(charity: Charity) -> None:
    office, folder = charity.office, charity.office.folder
    by_rhian = "--by", "Rhian", "--by-passphrase-file", office.passphrase("Rhian")
    renew = "keys", "renew-role", "supervisors", *by_rhian
    root = "--root", str(folder / "data-root.key"), "--root-passphrase-file", office.passphrase("root"), "--yes"
    office.candour(*renew)
    office.candour("keys", "export", str(folder / "request"))

    refused = office.candour(*renew)
    instead = office.candour(*renew, "--instead")
    office.candour("keys", "sign", str(folder / "request"), str(folder / "signed"), *root)
    imported = office.candour("keys", "import", str(folder / "signed"))
    *_, anew = charity.signs_elsewhere()

    assert (refused.exit_code, instead.exit_code) == (1, 0)
    assert "With --instead it is given up" in refused.output
    assert imported.exit_code == 1
    assert "Begin again with 'candour keys export'" in imported.output
    assert anew.exit_code == 0, anew.output
    assert office.candour("keys", "rewrap", *by_rhian).exit_code == 0


def test_a_question_that_may_be_put_is_sealed_to_the_desks_new_key_at_the_keyboard(charity: Charity) -> None:
    by_rhian = "--by", "Rhian", "--by-passphrase-file", charity.office.passphrase("Rhian")
    with _store(charity.office) as store:
        with store.read() as tx:
            before = current_directory(tx).desk_key()
        asked = seal_question(Question("AAAA-BBBB", "When?"), "kent-psd", before, SigningKey.generate())
        row = {"id": "a" * 32, "unit_id": "kent-psd", "state": QuestionState.ACCEPTED, "digest": asked.digest}
        with store.begin() as tx:
            tx.execute(insert(question), row | {"sealed": envelope_to_bytes(asked), "received_on": date(2026, 3, 10)})
    renewed = charity.office.candour("keys", "renew-role", "desk", *by_rhian)
    charity.signs_elsewhere()

    rewrapped = charity.office.candour("keys", "rewrap", *by_rhian)

    with _store(charity.office) as store, store.read() as tx:
        sealed = envelope_from_bytes(tx.execute(select(question.c.sealed)).scalar_one())
        desk = current_directory(tx).desk_key()
    assert "'candour keys rewrap'" in renewed.output
    assert rewrapped.output == "Sealed to the present keys: reports 0, questions 1.\n"
    assert (set(sealed.wraps), sealed.digest) == ({desk.key_id}, asked.digest)
    assert desk != before
