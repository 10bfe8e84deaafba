"""``candour simulate`` and ``candour phone``: the local stand-in for Twilio, and a telephone to ring the line with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ivr.commands import options
from ivr.commands.setting import Setting
from shared.settings import Config, PromptAudio, Provider

if TYPE_CHECKING:
    from ivr.simulator.played import Follower

RINGS_FROM = "+442079460123"  # from the range kept free for drama


def _simulated(setting: Setting) -> Config:
    """The configuration, if it asks for the simulator: it never runs beside the real provider."""
    config = setting.config()
    if config.telephony.provider is not Provider.SIMULATOR:
        raise click.ClickException('This works only where the configuration says provider = "simulator".')
    return config


@click.command
@click.option("--record", type=options.FOLDER, help="Keep what was said and pressed in this folder.")
@click.option(
    "--handsets-answer-after",
    type=click.FloatRange(min=0),
    default=2.0,
    show_default=True,
    metavar="SECONDS",
    help="How long a handler's handset rings until it is picked up by itself.",
)
@click.option("--fallback-url", metavar="URL", help="The number's fallback, elsewhere on this machine.")
@click.pass_obj
def simulate(setting: Setting, record: Path | None, handsets_answer_after: float, fallback_url: str | None) -> None:
    """Run the local stand-in for Twilio, for trying things out."""
    from ivr.simulator.refusals import NotTheSimulators
    from ivr.simulator.service import simulate as run

    config = _simulated(setting)
    later = config.telephony.auth_token_next
    try:
        run(
            public_url=config.line.public_url,
            account_sid=config.telephony.account_sid,
            auth_token=config.telephony.auth_token.get_secret_value(),
            listen=str(config.telephony.api_address),
            number=config.telephony.number,
            record_folder=record,
            line_listens=f"http://{config.line.listen}",
            handsets_answer_after=handsets_answer_after,
            fallback_url=fallback_url,
            auth_token_next=later.get_secret_value() if later else "",
        )
    except NotTheSimulators as refusal:
        raise click.ClickException(f"{refusal}.") from None
    except OSError as error:
        where = config.telephony.api_address
        raise click.ClickException(f"Nothing can listen on {where} ({error.strerror}); one may run already.") from None


@click.command
@click.option("--from", "number", default=RINGS_FROM, show_default=True, help="The number the call comes from.")
@click.option("--sound", is_flag=True, help="Play aloud what the line plays, on this machine's loudspeaker.")
@click.pass_obj
def phone(setting: Setting, number: str, sound: bool) -> None:
    """A telephone in the terminal: it rings the line through the simulator."""
    from ivr.simulator.exchange_link import NoSimulator
    from ivr.simulator.played import silently
    from ivr.simulator.terminal_phone import ring
    from ivr.sound import NoSound

    config = _simulated(setting)
    try:
        with _aloud(config) if sound else nullcontext(silently) as aloud:
            ring(config.telephony.api_base_url, number, aloud)
    except (NoSimulator, NoSound) as lost:
        raise click.ClickException(str(lost)) from None


@contextmanager
def _aloud(config: Config) -> Iterator[Follower]:
    """What plays the call aloud. Raises NoSound."""
    from ivr.line.audio import Source, load_shelf
    from ivr.simulator.played import Aloud
    from ivr.sound import Loudspeaker

    if config.line.prompts is PromptAudio.RECORDINGS:
        click.echo('Only recordings are heard. To hear every prompt: [line] prompts = "files".', err=True)
    with closing(Loudspeaker()) as loudspeaker:
        loudspeaker.try_out()
        yield Aloud(load_shelf(Source), loudspeaker).follow
