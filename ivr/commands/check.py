"""``candour check``: whether the service could take a call and deliver a report, and if not, what to do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Final

import click
import httpx
from pydantic import SecretStr

from ivr.checks.clock import Clocks
from ivr.checks.finding import Finding
from ivr.checks.inside import certificate, disk, edge, inside
from ivr.checks.provider import provider, second_token
from ivr.checks.public import TIMEOUT_SECONDS, public_line
from ivr.checks.ring import ring_the_line
from ivr.checks.words import words
from ivr.commands import options
from ivr.commands.keys import root_public_key
from ivr.commands.setting import Setting
from shared.settings import Config, Telephony
from shared.store.database import Store, open_store

_WIDTH: Final = 18


@click.command
@click.option(
    "--ring-from",
    type=options.Number(),
    help="Also have Twilio ring the line once, from a number it owns or has verified. The call is in no figure.",
)
@click.pass_obj
def check(setting: Setting, ring_from: str | None) -> None:
    """Verify a deployment before it goes live, while 'candour serve' runs: each line says pass, or what to do."""
    config = setting.config()
    click.echo(_line(Finding("configuration", str(setting.path))))
    failed = 0
    with ExitStack() as stack:
        store = open_store(config.database.url.get_secret_value())
        stack.callback(store.close)
        clocks = Clocks(_now)
        http, rest = (stack.enter_context(_http(clocks)) for _ in range(2))
        for one in _findings(setting, config, store, http, rest, clocks, ring_from):
            click.echo(_line(one))
            failed += not one.well
    if failed:
        raise click.exceptions.Exit(1)


def _findings(
    setting: Setting,
    config: Config,
    store: Store,
    http: httpx.Client,
    rest: httpx.Client,
    clocks: Clocks,
    ring_from: str | None,
) -> Iterator[Finding]:
    from ivr.app import switchboard_for
    from ivr.line import rules
    from ivr.line.public import PLAYED

    today, telephony = setting.today(), config.telephony
    yield from inside(store, config, root_public_key(setting.console_path), today)
    yield from filter(None, [certificate(config, today)])
    yield disk(config, setting.path.resolve().parent)
    yield edge(config)
    yield from words(config.line.online_route, PLAYED[config.line.prompts])
    yield from public_line(config.line.public_url, _tokens(telephony), http)
    switchboard = switchboard_for(config, carrier=rest)
    yield from provider(switchboard, telephony, config.line.public_url, http)
    if telephony.auth_token_next is not None:
        yield second_token(switchboard_for(config, telephony.auth_token_next.get_secret_value(), rest))
    if ring_from is not None:
        hours = rules.door(config.line).hours
        yield ring_the_line(store, switchboard, ring_from, _now, threading.Event().wait, hours)
    yield clocks.compared()


def _tokens(telephony: Telephony) -> dict[str, str]:
    tokens: dict[str, SecretStr | None] = {
        "auth_token": telephony.auth_token, "auth_token_next": telephony.auth_token_next,
    }  # fmt: skip
    return {key: token.get_secret_value() for key, token in tokens.items() if token is not None}


def _http(clocks: Clocks) -> httpx.Client:
    return httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False, event_hooks={"response": [clocks.hear]})


def _now() -> datetime:
    return datetime.now(UTC)


def _line(one: Finding) -> str:
    said = f"{'pass ' if one.well else 'to do'}  {one.about:{_WIDTH}} {one.found}"
    return said if one.well else f"{said}\n{'':{_WIDTH + 8}}{one.to_do}"
