"""A folder in which the ``candour`` command is run as a person runs it, with passphrases in files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from ivr.cli import main

PASSPHRASES = {
    "root": "the root's own passphrase",
    "Rhian": "a supervisor's passphrase",
    "Eve": "another supervisor's passphrase",
    "Tom": "a handler's passphrase",
    "Bea": "another administrator's passphrase",
}
HANDSET = "+44 20 7946 0001"


@dataclass(frozen=True, slots=True)
class Office:
    """A folder with passphrase files, and the command run in it."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def candour(self, *words: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(main, [*words], input=typed, env={"CANDOUR_CONFIG": str(self.data / "config.toml")})

    def passphrase(self, whose: str) -> str:
        path = self.folder / f"{whose}.txt"
        path.write_text(PASSPHRASES[whose] + "\n", encoding="utf-8")
        return str(path)

    def found(self, *words: str) -> Result:
        return self.candour(
            "init", str(self.data), "--supervisor", "Rhian",
            "--passphrase-file", self.passphrase("Rhian"), "--root-passphrase-file", self.passphrase("root"), *words,
        )  # fmt: skip

    def take_in(self, name: str, *words: str) -> Result:
        return self.candour(
            "person", "add", name, "--passphrase-file", self.passphrase(name),
            "--root-passphrase-file", self.passphrase("root"), *words,
        )  # fmt: skip


def by(office: Office, name: str) -> tuple[str, ...]:
    return "--by", name, "--by-passphrase-file", office.passphrase(name)


def copied(office: Office, folder: Path) -> Office:
    """The same office in another folder: to found one takes a second, to copy one does not."""
    for path in office.folder.rglob("*"):
        target = folder / path.relative_to(office.folder)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        else:
            target.write_bytes(path.read_bytes())
    return Office(folder)
