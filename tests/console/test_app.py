"""The console's command: it names what is wrong with its settings and stops."""

from pathlib import Path

import pytest

from console.opening import main


def test_missing_settings_stop_the_program_and_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["--settings", str(tmp_path / "none.toml")])

    assert status == 2
    assert "none.toml" in capsys.readouterr().err


def test_the_environment_may_name_the_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANDOUR_CONSOLE_SETTINGS", str(tmp_path / "other.toml"))

    assert main([]) == 2
    assert "other.toml" in capsys.readouterr().err
