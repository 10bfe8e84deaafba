"""The folder of drafts: open to its owner alone, telling nothing of when, and whole or not there at all."""

import resource
from pathlib import Path

import pytest

from console.drafts_on_disk import SAME_TIME, SUFFIX, DiskFull, DraftFolder, DraftNotKept, FolderClosed, new_name


@pytest.fixture
def folder(tmp_path: Path) -> DraftFolder:
    return DraftFolder(tmp_path / "drafts")


def test_what_was_written_is_read_again(folder: DraftFolder) -> None:
    name = new_name()

    folder.write(name, b"first")
    folder.write(name, b"second")

    assert [(file.name, file.sealed) for file in folder.files()] == [(name, b"second")]


def test_a_folder_that_is_not_there_holds_nothing(folder: DraftFolder) -> None:
    assert folder.files() == ()


def test_only_its_owner_may_look_into_the_folder_or_a_file(folder: DraftFolder, tmp_path: Path) -> None:
    name = new_name()

    folder.write(name, b"sealed")

    assert (tmp_path / "drafts").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "drafts" / name).stat().st_mode & 0o777 == 0o600


def test_no_time_that_can_be_set_tells_when_a_draft_was_written_read_or_removed(
    folder: DraftFolder, tmp_path: Path
) -> None:
    name, gone = new_name(), new_name()
    folder.write(gone, b"sealed")

    folder.write(name, b"sealed")
    folder.files()
    folder.remove(gone)

    for path in (tmp_path / "drafts" / name, tmp_path / "drafts"):
        assert (path.stat().st_mtime_ns, path.stat().st_atime_ns) == (SAME_TIME, SAME_TIME)


def test_a_name_is_random_and_says_nothing() -> None:
    names = {new_name() for _ in range(100)}

    assert len(names) == 100
    assert all(len(name) == 32 + len(SUFFIX) for name in names)


def test_what_was_cut_short_is_no_draft_and_is_written_over(folder: DraftFolder, tmp_path: Path) -> None:
    name = new_name()
    folder.write(name, b"whole")
    (tmp_path / "drafts" / f"{name}.part").write_bytes(b"who")

    assert [file.sealed for file in folder.files()] == [b"whole"]
    folder.write(name, b"newer")

    assert [path.name for path in (tmp_path / "drafts").iterdir()] == [name]


def test_a_full_disk_is_said_and_what_was_there_before_stays(folder: DraftFolder, tmp_path: Path) -> None:
    name = new_name()
    folder.write(name, b"before")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))

    try:
        with pytest.raises(DiskFull):
            folder.write(name, b"x" * 1_100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert [file.sealed for file in folder.files()] == [b"before"]
    assert [path.name for path in (tmp_path / "drafts").iterdir()] == [name]


def test_a_folder_that_cannot_be_written_to_is_said() -> None:
    with pytest.raises(FolderClosed):
        DraftFolder(Path("/sys/candour")).write(new_name(), b"sealed")


def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_bytes(b"")

    with pytest.raises(DraftNotKept):
        DraftFolder(tmp_path / "drafts").write(new_name(), b"sealed")


def test_a_link_in_the_folder_is_not_followed(folder: DraftFolder, tmp_path: Path) -> None:
    folder.write(new_name(), b"sealed")
    (tmp_path / "elsewhere").write_bytes(b"secret")
    (tmp_path / "drafts" / f"0{SUFFIX}").symlink_to(tmp_path / "elsewhere")

    assert folder.files()[0].sealed is None
