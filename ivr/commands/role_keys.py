"""``candour keys renew-role`` and ``rewrap``: a role's key made anew by a member of it, and what is sealed to it.

The member's own keys are open in this process while it runs, as when somebody is taken in.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from ivr.commands import options
from ivr.commands.setting import Setting, passphrase
from ivr.vouching import role_secrets_held, vouched
from shared.domain.key_changes import published_directory
from shared.domain.questions import still_under_earlier, take_rewrapped_questions
from shared.domain.role_keys import renew, still_wrapped_to_earlier, take_rewrapped, version_in_use
from shared.domain.waiting_keys import members_of
from shared.sealing.directory import RoleName
from shared.sealing.envelope import Envelope, rewrap
from shared.sealing.keys import ReaderKey, ReaderPublicKey
from shared.sealing.organisation import renewed_role_key

_BY: Final = click.option("--by", metavar="NAME", required=True, help="A member of the role.")
_FILE: Final = click.option("--by-passphrase-file", type=options.FILE, help="File holding that member's passphrase.")
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _by_member(command: _Command) -> _Command:
    return _BY(_FILE(command))


@click.command("renew-role")
@click.argument("role", type=click.Choice([role.value for role in RoleName]))
@_by_member
@click.option("--instead", is_flag=True, help="Give up a new key of this role that waits for the root's signature.")
@click.pass_obj
def renew_role(setting: Setting, role: str, by: str, by_passphrase_file: Path | None, instead: bool) -> None:
    """Make ROLE's key anew, for everyone who is in the role now: whenever somebody has left it."""
    name, given = RoleName(role), passphrase(by, by_passphrase_file)
    with setting.store() as store, store.begin() as tx:
        member = vouched(tx, by, given)
        members = members_of(tx, name)
        if member.person_id not in members:
            raise click.ClickException(f"{by} does not hold this key. One of those who do has to make it anew.")
        public, wraps = renewed_role_key(name, version_in_use(tx, name) + 1, members)
        version = renew(tx, member.person_id, name, public, wraps, setting.today(), instead=instead)
    click.echo(f"Version {version} of the {role} key is made, for {len(members)} people: {public.fingerprint}")
    click.echo("It waits for the root's signature: 'candour keys export'. Everyone in the role then signs in anew.")
    if name is not RoleName.RELEASE:
        click.echo("After that: 'candour keys rewrap', for the reports in review and the questions that may be put.")


@click.command("rewrap")
@_by_member
@click.pass_obj
def rewrap_reports(setting: Setting, by: str, by_passphrase_file: Path | None) -> None:
    """Seal reports in review to the supervisors' present key in place of an earlier one, and the questions that may be
    put to the desk's. None is opened."""
    given, role = passphrase(by, by_passphrase_file), RoleName.SUPERVISORS
    with setting.store() as store, store.begin() as tx:
        member = vouched(tx, by, given)
        held = [secret.reader() for secret in role_secrets_held(tx, member) if secret.role is not RoleName.RELEASE]
        holds = {key.key_id for key in held}
        keys = published_directory(tx)
        present, desk = keys.supervisors_key(), keys.desk_key()
        reports = [_sealed_anew(one, held, present) for one in still_wrapped_to_earlier(tx, role)]
        wraps = {one.about.envelope_id: one.wraps[present.key_id] for one in reports}
        take_rewrapped(tx, member.person_id, role, wraps, holds, setting.today())
        questions = {name: _sealed_anew(one, held, desk) for name, one in still_under_earlier(tx).items()}
        take_rewrapped_questions(tx, member.person_id, questions, holds, setting.today())
    click.echo(f"Sealed to the present keys: reports {len(wraps)}, questions {len(questions)}.")


def _sealed_anew(envelope: Envelope, held: list[ReaderKey], present: ReaderPublicKey) -> Envelope:
    for key in held:
        if key.key_id in envelope.wraps:
            return rewrap(envelope, key, present).only_wrap(present.key_id)
    raise click.ClickException("This person does not hold the earlier key. Another supervisor does.")
