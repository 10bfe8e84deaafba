"""The settings file: what it must hold, and that what is wrong with it is named."""

from pathlib import Path

import pytest

from console.settings import SettingsWrong, read_settings
from shared.sealing.keys import SigningKey

ROOT = SigningKey.generate().public.to_text()


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "console.toml"
    path.write_text(text, encoding="utf-8")
    return path


def service(url: str) -> str:
    return f'[service]\nurl = "{url}"\nroot_public_key = "{ROOT}"\n'


def test_the_service_and_its_root_are_read(tmp_path: Path) -> None:
    settings = read_settings(write(tmp_path, service("https://desk.example/")), tmp_path / "user")

    assert settings.service_url == "https://desk.example"
    assert settings.root.to_text() == ROOT
    assert settings.data_folder == tmp_path / "user"


def test_a_data_folder_starts_at_the_settings_own(tmp_path: Path) -> None:
    path = write(tmp_path, service("https://desk.example") + '[console]\ndata_folder = "seen"\n')

    assert read_settings(path, tmp_path / "user").data_folder == tmp_path / "seen"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8081", "http://localhost:8081", "http://[::1]:8081"])
def test_plain_http_is_accepted_on_this_machine(tmp_path: Path, url: str) -> None:
    assert read_settings(write(tmp_path, service(url)), tmp_path).service_url == url


@pytest.mark.parametrize("url", ["http://desk.example", "http://127.0.0.1.example", "ftp://desk.example", "desk"])
def test_plain_http_to_anywhere_else_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsWrong, match="url"):
        read_settings(write(tmp_path, service(url)), tmp_path)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "url"),
        ('[service]\nurl = "https://desk.example"\n', "root_public_key"),
        ('[service]\nurl = "https://desk.example"\nroot_public_key = "nonsense"\n', "root_public_key"),
        (service("https://desk.example") + 'pass = "x"\n', "pass"),
        ("[other]\n", "other"),
        ("[service\n", "TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsWrong, match=named):
        read_settings(write(tmp_path, text), tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match="no settings file"):
        read_settings(tmp_path / "none.toml", tmp_path)


def test_the_console_speaks_english_unless_told_otherwise_and_no_language_it_has_no_catalogue_for(
    tmp_path: Path,
) -> None:
    told = service("https://desk.example") + '[console]\nlanguage = "xx"\n'

    assert read_settings(write(tmp_path, service("https://desk.example")), tmp_path).language == "en"
    with pytest.raises(SettingsWrong, match=r"language in \[console\] is one of: en"):
        read_settings(write(tmp_path, told), tmp_path)
