"""``candour person``: what two people do about somebody who is here already."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from sqlalchemy import Connection, func, select

from ivr.commands import options
from ivr.commands.setting import Setting, passphrase
from ivr.commands.vouchers import by_two, vouchers
from ivr.membership import Deciders, change, decide, give_new_keys
from ivr.root_key import read_root
from ivr.suspending import suspend_at_once
from ivr.vouching import role_secrets_held, vouched
from shared.domain.key_changes import check_two_agree
from shared.domain.people import Member, member, member_named, members
from shared.domain.vocabulary import Language, ProposalKind, Role
from shared.sealing.sign_in import sign_in_name
from shared.store.schema import person as people
from shared.store.schema import report

_Command = TypeVar("_Command", bound=Callable[..., Any])

ROLES: Final = click.Choice([role.value for role in Role])


def _voucher(command: _Command) -> _Command:
    """The options by which one person shows who they are."""
    file = click.option("--by-passphrase-file", type=options.FILE, help="File holding that person's passphrase.")
    by = click.option("--by", metavar="NAME", prompt="Who vouches", help="The administrator or supervisor who vouches.")
    return by(file(command))


def _deciders(command: _Command) -> _Command:
    """The options of what needs the root, and two administrators where it lets somebody do more."""
    return options.root(options.root_passphrase_file(_voucher(by_two(command))))


@dataclass(frozen=True, slots=True)
class _Decision:
    """One transaction in which people decide about somebody; who of them are administrators, by id."""

    tx: Connection
    by: Deciders
    about: Member
    agreed: frozenset[str]

    def by_two(self) -> None:
        """For what lets somebody in, or do more. Raises TwoAdministratorsNeeded."""
        check_two_agree(self.tx, self.agreed, self.about.id)


@contextmanager
def _decision(setting: Setting, name: str, shown: dict[str, Any]) -> Iterator[_Decision]:
    """One transaction in which people decide about NAME."""
    by: str = shown["by"]
    key = read_root(setting.root_path(shown["root"]), passphrase("the root key", shown["root_passphrase_file"]))
    secret = passphrase(by, shown["by_passphrase_file"])
    with setting.store() as store, store.begin() as tx:
        about = member_named(tx, name)
        voucher = vouched(tx, by, secret)
        agreed = {voucher.person_id, *vouchers(tx, shown["names"], shown["files"])}
        yield _Decision(tx, Deciders(key, voucher, role_secrets_held(tx, voucher)), about, frozenset(agreed))


@click.command("change")
@click.argument("name")
@click.option("--name", "new_name", metavar="NEW", help="Another name.")
@click.option("--role", "roles", type=ROLES, multiple=True, help="All roles from now on. May be repeated.")
@click.option(
    "--language",
    "languages",
    type=click.Choice([language.value for language in Language]),
    multiple=True,
    help="All languages from now on. May be repeated.",
)
@click.option("--handset", type=options.Handset(), help="Telephone number or SIP address that rings for this person.")
@click.option("--no-handset", is_flag=True, help="Nothing rings for this person any more.")
@click.option("--trusted-handset/--untrusted-handset", "trusted", default=None, help="Whether it need not press 1.")
@_deciders
@click.pass_obj
def change_person(
    setting: Setting,
    /,
    name: str,
    new_name: str | None,
    roles: Sequence[str],
    languages: Sequence[str],
    handset: str | None,
    no_handset: bool,
    trusted: bool | None,
    **shown: Any,
) -> None:
    """Change what is known of NAME; what is not named stays. Roles come with their keys.

    A role they did not have needs two administrators as well, once there are two.
    """
    given: dict[str, object] = {
        "name": new_name,
        "roles": tuple(Role(role) for role in dict.fromkeys(roles)) or None,
        "languages": tuple(Language(language) for language in dict.fromkeys(languages)) or None,
        "handset": handset,
        "handset_trusted": trusted,
    }
    with _decision(setting, name, shown) as one:
        before = one.about.particulars
        to = replace(before, **{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]
        if no_handset:
            to = replace(to, handset=None, handset_trusted=False)
        if set(to.roles) - set(before.roles):
            one.by_two()
        change(one.tx, one.by, one.about, to, datetime.now(UTC))
        shares = member(one.tx, one.about.id).shares_handset
    click.echo(f"{to.name} is changed.")
    if shares:
        click.echo("Somebody else's calls ring at the same handset. Two people cannot use it at once.")


@click.command
@click.argument("name")
@_voucher
@click.pass_obj
def suspend(setting: Setting, /, name: str, by: str, by_passphrase_file: Path | None) -> None:
    """Let NAME in no longer: sessions end at once, a call that rings for them goes on to another.

    One administrator or supervisor is enough, without the root: it only takes away.
    """
    secret = passphrase(by, by_passphrase_file)
    with setting.store() as store, store.begin() as tx:
        about = member_named(tx, name)
        suspend_at_once(tx, vouched(tx, by, secret), about, datetime.now(UTC))
    click.echo(f"{about.particulars.name} is suspended. 'candour person reinstate' undoes it.")


@click.command
@click.argument("name")
@_deciders
@click.pass_obj
def reinstate(setting: Setting, /, name: str, **shown: Any) -> None:
    """Let a suspended NAME in again, with what they had: two administrators, once there are two."""
    _carry_out(setting, name, ProposalKind.REINSTATE, shown, "may sign in again.")


@click.command
@click.argument("name")
@_deciders
@click.pass_obj
def remove(setting: Setting, /, name: str, **shown: Any) -> None:
    """Forget NAME for good, in the directory too. Open reports of theirs have to be finished first."""
    done = "is removed. Whoever leaves has known the keys of their roles: 'candour keys' makes new ones."
    _carry_out(setting, name, ProposalKind.REMOVE, shown, done)


@click.command("reset-second-factor")
@click.argument("name", required=False)
@click.option("--everyone", is_flag=True, help="For all people: the key file is lost.")
@_deciders
@click.pass_obj
def reset_second_factor(setting: Setting, /, name: str | None, everyone: bool, **shown: Any) -> None:
    """Forget NAME's lost second factor. They set up another at the next sign-in.

    Two administrators, once there are two.
    """
    if (name is None) is not everyone:
        raise click.UsageError("Name a person, or say --everyone.")
    if not everyone:
        done = "sets up another second factor at the next sign-in. Nothing they wrote is lost."
        return _carry_out(setting, name or "", ProposalKind.RESET_SECOND_FACTOR, shown, done)
    with setting.store() as store, store.read() as tx:
        others = [one for one in members(tx) if one.particulars.name != shown["by"]]
    if not others:
        raise click.ClickException("There is nobody else.")
    with _decision(setting, others[0].particulars.name, shown) as first:
        for about in members(first.tx):
            if about.id != first.by.voucher.person_id:
                replace(first, about=about).by_two()
                decide(first.tx, first.by, about, ProposalKind.RESET_SECOND_FACTOR, datetime.now(UTC))
    click.echo(f"{len(others)} people set up another second factor at their next sign-in.")
    click.echo(f"For {shown['by']} somebody else has to vouch.")
    return None


@click.command("new-keys")
@click.argument("name")
@options.passphrase_file
@_deciders
@click.pass_obj
def new_keys(setting: Setting, /, name: str, passphrase_file: Path | None, **shown: Any) -> None:
    """For a lost passphrase: new keys for NAME, who chooses another. What only the old keys opened is lost.

    Two administrators, once there are two: whoever chooses the passphrase is NAME from then on.
    """
    with setting.store() as store, store.read() as tx:
        theirs = select(func.count()).join_from(report, people, report.c.author_id == people.c.id)
        drafts = tx.execute(theirs.where(people.c.sign_in_name == sign_in_name(name))).scalar_one()
    if drafts:
        click.echo(f"{name} is the author of {drafts} open reports. Their new keys will not open the drafts among")
        click.echo("them: two supervisors can give each back (“Drafts left behind”). Contact details still with the")
        click.echo("author alone are lost.")
    click.echo(f"What a computer kept of {name}'s while the service was away, and has not sent yet, is lost.")
    secret = passphrase(name, passphrase_file, new=True)
    with _decision(setting, name, shown) as one:
        one.by_two()
        give_new_keys(one.tx, one.by, one.about, secret, datetime.now(UTC))
    click.echo(f"{name} has new keys and signs in with the new passphrase.")


def _carry_out(setting: Setting, name: str, kind: ProposalKind, shown: dict[str, Any], done: str) -> None:
    with _decision(setting, name, shown) as one:
        if kind is not ProposalKind.REMOVE:  # which only takes away
            one.by_two()
        decide(one.tx, one.by, one.about, kind, datetime.now(UTC))
    click.echo(f"{one.about.particulars.name} {done}")


COMMANDS: Final = (change_person, suspend, reinstate, remove, reset_second_factor, new_keys)
