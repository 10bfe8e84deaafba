"""``candour serve``: the service's processes, together or one alone."""

from __future__ import annotations

import os
import socket
import sys
import time
from tempfile import TemporaryDirectory

import click

from ivr.commands.setting import Setting
from ivr.counters import SHARED_FOLDER
from ivr.deliverable import Deliverable, deliverable_forces
from ivr.founding import give_instance_its_secret
from ivr.log import configure_logging
from ivr.process import stop_on_signals, tie_to_supervisor
from ivr.second_factor_file import see_that_there_is_one
from ivr.supervisor import Child, Supervisor
from shared.config import ENVIRONMENT_PREFIX, ConfigurationWrong
from shared.domain.forces import FORCES
from shared.domain.people import DirectoryMissing, current_directory
from shared.settings import Config, Edge, Provider
from shared.store.database import Store

CHILDREN = {
    "edge": "the edge",
    "line": "the line",
    "desk": "the desk",
    "courier": "the courier",
    "orders": "the order worker",
    "watch": "the watch",
}

TOGETHER = (
    "The edge is not apart ([line] edge = \"together\"): callers' numbers stay in this machine's memory for a time. "
    "For development alone."
)


@click.command
@click.option(
    "--only", type=click.Choice(list(CHILDREN)), help="This process alone, for a service on several machines."
)
@click.pass_obj
def serve(setting: Setting, only: str | None) -> None:
    """Run the service: edge, line, desk, courier and order worker, until SIGTERM or Ctrl-C.

    Each process prints a line when it is ready; when all are, "Candour is ready." follows.
    """
    config = setting.config()
    os.environ[f"{ENVIRONMENT_PREFIX}CONFIG"] = str(setting.path.resolve())
    if only is not None:
        if only == "edge" and config.line.edge is Edge.TOGETHER:
            raise ConfigurationWrong('[line] edge: "together", so the line is its own edge.')
        from ivr.app import PROCESSES

        tie_to_supervisor(os.environ)
        return PROCESSES[only](config)
    configure_logging(config.logging, "supervisor")
    _see_that_ports_are_free(config)
    with setting.store(new=True) as store:
        _make_ready(store, config, setting)
    together = config.line.edge is Edge.TOGETHER
    if together:
        click.echo(TOGETHER)
    wanted = [process for process in CHILDREN if process != "edge" or not together]
    if config.metrics.listen is None:
        wanted.remove("watch")
    children = [Child(CHILDREN[process], _command(process)) for process in wanted]
    with TemporaryDirectory(prefix="candour-counters-") as counters:
        environ = {**os.environ, **({SHARED_FOLDER: counters} if config.metrics.listen else {})}
        unaided = Supervisor(children, click.echo, environ, time.monotonic).run(stop_on_signals())
    click.echo("Candour has stopped." if unaided else "Candour has stopped; some processes had to be ended.")
    return None


def _see_that_ports_are_free(config: Config) -> None:
    """Raises click.ClickException: before anything is started, for a second service must not work on the same data."""
    listeners = {
        "[line] listen": config.line.listen,
        "[desk] listen": config.desk.listen,
        "[metrics] listen": config.metrics.listen,
    }
    for key, address in listeners.items():
        if address is None:
            continue
        family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        try:
            socket.create_server((address.host, address.port), family=family).close()
        except OSError as taken:
            raise click.ClickException(
                f"{address} is not free ({taken.strerror}): Candour may be running already, or {key} names another."
            ) from None


def _command(process: str) -> tuple[str, ...]:
    return (sys.executable, "-P", "-m", "ivr.cli", "serve", "--only", process)


def _make_ready(store: Store, config: Config, setting: Setting) -> None:
    """Give an empty database what every process expects. Raises ConfigurationWrong where nothing can be delivered."""
    with store.begin() as tx:
        give_instance_its_secret(tx)
    see_that_there_is_one(config.desk, store)
    with store.read() as tx:
        try:
            directory = current_directory(tx)
        except DirectoryMissing:
            directory = None
    standings = deliverable_forces(directory, config.outbox.units.keys(), setting.today()).values()
    ready = sum(1 for standing in standings if standing is Deliverable.YES)
    if ready == 0 and config.telephony.provider is Provider.TWILIO:
        raise ConfigurationWrong("No report could be delivered to any force yet: 'candour force list' says why.")
    if ready < len(FORCES):
        click.echo(f"Reports can be delivered to {ready} of {len(FORCES)} forces; 'candour force list' names them.")
