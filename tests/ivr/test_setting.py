"""What a person is asked for, and what they are told when it cannot be had."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ivr.checks.provider import not_asked
from ivr.cli import main
from ivr.commands.setting import passphrase
from ivr.switchboard import ProviderUnreachable
from shared.sealing.passphrase import MIN_PASSPHRASE
from shared.settings import Provider

LONG_ENOUGH = "a" * MIN_PASSPHRASE


@click.command
@click.option("--file", type=click.Path(path_type=Path))
def asks(file: Path | None) -> None:
    click.echo(f"{len(passphrase('the root', file, new=True))} characters")


def test_an_unsuitable_passphrase_is_asked_for_again_and_the_rule_is_said_before() -> None:
    told = CliRunner().invoke(asks, input=f"short\n{LONG_ENOUGH}\n{LONG_ENOUGH}\n")

    assert told.exit_code == 0
    assert f"at least {MIN_PASSPHRASE} characters" in told.output.splitlines()[0]
    assert told.output.endswith(f"{MIN_PASSPHRASE} characters\n")


def test_without_a_terminal_the_options_that_take_a_file_are_named() -> None:
    told = CliRunner().invoke(asks, input="")

    assert told.exit_code == 1
    assert "passphrase-file" in told.output


def test_a_file_that_holds_no_suitable_passphrase_is_named(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("short\n")

    told = CliRunner().invoke(asks, ["--file", str(tmp_path / "words")])

    assert told.exit_code == 1
    assert str(tmp_path / "words") in told.output


@pytest.mark.parametrize(("provider", "to_do"), [(Provider.SIMULATOR, "candour simulate"), (Provider.TWILIO, "region")])
def test_who_does_not_answer_is_named(provider: Provider, to_do: str) -> None:
    found = not_asked(ProviderUnreachable(), "the default", provider)

    assert to_do in found.to_do


def test_the_list_of_commands_says_what_each_is_for_in_a_whole_sentence() -> None:
    told = CliRunner().invoke(main, ["--help"])

    assert "..." not in told.output.partition("Commands:")[2]
