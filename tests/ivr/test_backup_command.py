"""``candour backup`` and ``candour restore``, as an administrator uses them: out of one installation, into another."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.support.office import Office

WORDS = "the backup key's own passphrase"


@pytest.fixture
def key(founded: Office) -> tuple[Path, Path, str]:
    """The key's file, the file with its passphrase, and the public half."""
    file, words = founded.folder / "backup.key", founded.folder / "backup-words.txt"
    words.write_text(WORDS + "\n", encoding="utf-8")
    made = founded.candour("keys", "backup-key", str(file), "--key-passphrase-file", str(words))
    assert made.exit_code == 0, made.output
    return file, words, made.output.splitlines()[-1].removeprefix('to = "').removesuffix('"')


def test_a_backup_is_restored_into_a_new_installation(founded: Office, key: tuple[Path, Path, str]) -> None:
    file, words, public = key
    backup, config = founded.folder / "b.backup", founded.data / "config.toml"
    with config.open("a", encoding="utf-8") as opened:
        opened.write(f'\n[backup]\nto = "{public}"\n')

    made = founded.candour("backup", str(backup))

    assert made.exit_code == 0, made.output
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    config.write_text(config.read_text(encoding="utf-8").replace("candour.db", "new.db"), encoding="utf-8")
    restored = founded.candour("restore", str(backup), "--key", str(file), "--key-passphrase-file", str(words))
    assert restored.exit_code == 0, restored.output
    assert "Rhian: supervisor" in founded.candour("person", "list").output
    again = founded.candour("restore", str(backup), "--key", str(file), "--key-passphrase-file", str(words))
    assert again.output == "candour: This database is not empty. A backup is restored into a new one.\n"


def test_without_a_key_to_seal_to_there_is_no_backup(founded: Office) -> None:
    told = founded.candour("backup", str(founded.folder / "b.backup"))

    assert told.exit_code == 1
    assert "candour keys backup-key" in told.output
    assert not (founded.folder / "b.backup").exists()


def test_a_backup_is_never_written_over_another(founded: Office, key: tuple[Path, Path, str]) -> None:
    backup = founded.folder / "b.backup"
    backup.write_bytes(b"an older one")

    told = founded.candour("backup", str(backup), "--to", key[2])

    assert told.exit_code == 1
    assert backup.read_bytes() == b"an older one"
