"""Signing in, its second factor, one's own sessions, and the directory of keys."""

from sqlalchemy import Connection

from ivr.desk.routing import Ask, Desk
from shared import audit
from shared.domain.errors import PassphraseNotChanged, SecondFactorNotAsked, SignInFailed
from shared.domain.key_holders import keys_given
from shared.domain.london import london_day
from shared.domain.passphrases import NewPassphrase
from shared.domain.passphrases import change_passphrase as renew_passphrase
from shared.domain.people import HeldRoleKey, member, signed_directory, suspended_keys
from shared.domain.second_factor import address_of
from shared.domain.sessions import NewSession, end_session, end_sessions_of, open_sessions, renew_token
from shared.domain.signing_in import Presented, set_up_second_factor, sign_in_parameters
from shared.domain.signing_in import sign_in as begin_session
from shared.messages import PassphraseParameters, PersonCard, RoleWrap, SignedDirectory, SignedIn, SignIn, WhoSignsIn
from shared.people_messages import ChangePassphrase, NewToken, OwnSessions, SecondFactorSecret, SessionCard
from shared.sealing.canonical import NotCanonical, from_base64url, to_base64url
from shared.sealing.errors import ParametersMalformed
from shared.sealing.sign_in import SignInParameters


def parameters(desk: Desk, who: WhoSignsIn) -> PassphraseParameters:
    with desk.store.read() as tx:
        found = sign_in_parameters(tx, who.name, desk.settings.sign_in_cost)
    return PassphraseParameters(
        salt=to_base64url(found.salt),
        memory_kib=found.memory_kib,
        iterations=found.iterations,
        lanes=found.lanes,
        second_factor=desk.settings.second_factor is not None,
    )


def sign_in(desk: Desk, asked: SignIn) -> SignedIn:
    shown = _presented(asked)
    with desk.store.begin() as tx:
        begun = begin_session(tx, shown, desk.clock(), desk.settings.second_factor)
    if begun is None:
        raise SignInFailed
    with desk.store.read() as tx:
        return _signed_in(begun, keys_given(tx, begun.who.id), signed_directory(tx), _suspended(tx))


def set_up(desk: Desk, asked: SignIn) -> SecondFactorSecret:
    shown = _presented(asked)
    if desk.settings.second_factor is None:
        raise SecondFactorNotAsked
    with desk.store.begin() as tx:
        secret = set_up_second_factor(tx, shown, desk.clock(), desk.settings.second_factor)
    if secret is None:
        raise SignInFailed
    return SecondFactorSecret(secret=secret, address=address_of(secret, shown.name))


def _presented(asked: SignIn) -> Presented:
    try:
        return Presented(asked.name, from_base64url(asked.authentication_key), asked.code)
    except NotCanonical:
        raise SignInFailed from None


def _suspended(tx: Connection) -> tuple[str, ...]:
    return tuple(sorted(suspended_keys(tx)))


def _signed_in(
    begun: NewSession, role_keys: tuple[HeldRoleKey, ...], directory: bytes, suspended: tuple[str, ...]
) -> SignedIn:
    who = begun.who
    return SignedIn(
        token=begun.token,
        token_until=begun.token_until,
        expires_at=begun.expires_at,
        person=PersonCard(id=who.id, name=who.name, roles=who.roles, languages=who.languages),
        private_bundle=to_base64url(begun.private_bundle),
        role_wraps=tuple(
            RoleWrap(role=held.role.value, version=held.version, wrap=to_base64url(held.wrap)) for held in role_keys
        ),
        directory=to_base64url(directory),
        suspended=suspended,
    )


def renew(desk: Desk, ask: Ask) -> NewToken:
    with desk.store.begin() as tx:
        new = renew_token(tx, ask.session.id, desk.clock())
        suspended = _suspended(tx)
    return NewToken(token=new.token, token_until=new.until, suspended=suspended)


def sign_out(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        end_session(tx, ask.person_id, ask.session.id, desk.clock())


def own_sessions(desk: Desk, ask: Ask) -> OwnSessions:
    with desk.store.read() as tx:
        found = open_sessions(tx, ask.person_id, desk.clock())
    return OwnSessions(
        sessions=tuple(
            SessionCard(id=one.id, begun_at=one.begun_at, seen_at=one.seen_at, this=one.id == ask.session.id)
            for one in found
        )
    )


def end_own(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        end_session(tx, ask.person_id, ask.id, desk.clock())


def sign_out_other(desk: Desk, ask: Ask) -> None:
    now = desk.clock()
    with desk.store.begin() as tx:
        member(tx, ask.id)
        end_sessions_of(tx, ask.id, now)
        audit.record(tx, ask.person_id, audit.AuditVerb.SIGN_OUT_OTHER, ask.id, audit.Outcome.DONE, london_day(now))


def change_passphrase(desk: Desk, ask: Ask) -> None:
    said: ChangePassphrase = ask.body
    try:
        key = from_base64url(said.authentication_key)
        cost = SignInParameters(from_base64url(said.salt), said.memory_kib, said.iterations, said.lanes)
        new_key, bundle = from_base64url(said.new_authentication_key), from_base64url(said.private_bundle)
    except (NotCanonical, ParametersMalformed):
        raise PassphraseNotChanged from None
    new, least = NewPassphrase(cost, new_key, bundle), desk.settings.sign_in_cost
    with desk.store.begin() as tx:
        changed = renew_passphrase(tx, ask.person_id, ask.session.id, key, new, least, desk.clock())
    if not changed:
        raise PassphraseNotChanged


def directory(desk: Desk, ask: Ask) -> SignedDirectory:
    with desk.store.read() as tx:
        return SignedDirectory(directory=to_base64url(signed_directory(tx)), suspended=_suspended(tx))
