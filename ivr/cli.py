"""The ``candour`` command: says in a sentence what went wrong; what each command does is in ``commands``."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any, Final

import click
from sqlalchemy.exc import OperationalError

from ivr.commands.setting import Setting
from shared.config import ConfigurationWrong
from shared.domain.errors import Refusal
from shared.sealing.errors import SealingError

WRONG_CONFIGURATION: Final = 2
REFUSED: Final = 1

_SENTENCE: Final = 300  # characters, more than any has

# Each command and where it lives; a module is imported when its command is used, so that all of them start at once.
COMMANDS: Final = {
    "audit": "ivr.commands.audit",
    "backup": "ivr.commands.backup",
    "check": "ivr.commands.check",
    "demo": "ivr.commands.demo",
    "fallback": "ivr.commands.fallback",
    "force": "ivr.commands.force",
    "init": "ivr.commands.init",
    "keys": "ivr.commands.keys",
    "online": "ivr.commands.online",
    "person": "ivr.commands.person",
    "phone": "ivr.commands.telephone",
    "prompts": "ivr.commands.prompts",
    "purge": "ivr.commands.purge",
    "restore": "ivr.commands.restore",
    "serve": "ivr.commands.serve",
    "simulate": "ivr.commands.telephone",
    "summary": "ivr.commands.summary",
}


class Candour(click.Group):
    """The group of all commands, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each command with the whole first sentence of its help; click would cut it off."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.get_short_help_str(limit=_SENTENCE)) for name, one in commands if one])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConfigurationWrong as wrong:
            _say_and_leave(ctx, wrong.problems, WRONG_CONFIGURATION)
        except (SealingError, Refusal) as fact:
            _say_and_leave(ctx, (str(fact),), REFUSED)
        except OSError as fact:
            if fact.filename is None:
                raise
            _say_and_leave(ctx, (f"{fact.filename} cannot be used: {fact.strerror}.",), REFUSED)
        except OperationalError:
            _say_and_leave(ctx, ("The database cannot be reached or used. See [database] url.",), REFUSED)


def _say_and_leave(ctx: click.Context, sentences: tuple[str, ...], status: int) -> None:
    for sentence in sentences:
        click.echo(f"candour: {sentence}", err=True)
    ctx.exit(status)


@click.group(cls=Candour, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", metavar="FILE", help="The configuration file. Otherwise CANDOUR_CONFIG, or config.toml here.")
@click.version_option(package_name="candour", prog_name="candour")
@click.pass_context
def main(ctx: click.Context, config: str | None) -> None:
    """The free-phone line, the call handlers' desk and the outbox to the forces."""
    ctx.obj = Setting(config, os.environ)


if __name__ == "__main__":
    sys.exit(main())
