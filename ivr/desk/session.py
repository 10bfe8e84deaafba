"""Signing in and out, and the directory of keys."""

from ivr.desk.routing import Ask, Desk
from shared.domain.errors import SignInFailed
from shared.domain.people import HeldRoleKey, role_keys_of, signed_directory
from shared.domain.presence import sign_out_presence
from shared.domain.sessions import NewSession, sign_in_parameters
from shared.domain.sessions import sign_in as begin_session
from shared.domain.sessions import sign_out as end_session
from shared.messages import PassphraseParameters, PersonCard, RoleWrap, SignedDirectory, SignedIn, SignIn, WhoSignsIn
from shared.sealing.canonical import NotCanonical, from_base64url, to_base64url


def parameters(desk: Desk, who: WhoSignsIn) -> PassphraseParameters:
    with desk.store.read() as tx:
        found = sign_in_parameters(tx, who.name, desk.settings.sign_in_cost)
    return PassphraseParameters(
        salt=to_base64url(found.salt), memory_kib=found.memory_kib, iterations=found.iterations, lanes=found.lanes
    )


def sign_in(desk: Desk, asked: SignIn) -> SignedIn:
    try:
        key = from_base64url(asked.authentication_key)
    except NotCanonical:
        raise SignInFailed from None
    with desk.store.begin() as tx:
        begun = begin_session(tx, asked.name, key, desk.clock())
    if begun is None:
        raise SignInFailed
    with desk.store.read() as tx:
        return _signed_in(begun, role_keys_of(tx, begun.who.id), signed_directory(tx))


def _signed_in(begun: NewSession, role_keys: tuple[HeldRoleKey, ...], directory: bytes) -> SignedIn:
    who = begun.who
    return SignedIn(
        token=begun.token,
        expires_at=begun.expires_at,
        person=PersonCard(id=who.id, name=who.name, roles=who.roles, languages=who.languages),
        private_bundle=to_base64url(begun.private_bundle),
        role_wraps=tuple(
            RoleWrap(role=held.role.value, version=held.version, wrap=to_base64url(held.wrap)) for held in role_keys
        ),
        directory=to_base64url(directory),
    )


def sign_out(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        end_session(tx, ask.session.token_hash)
        sign_out_presence(tx, ask.person_id, desk.clock())


def directory(desk: Desk, ask: Ask) -> SignedDirectory:
    with desk.store.read() as tx:
        return SignedDirectory(directory=to_base64url(signed_directory(tx)))
