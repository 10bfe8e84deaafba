"""A newcomer's account, the first sign-in that makes keys in their own console, and administrators who confirm them."""

from ivr.desk.facts import facts_of, particulars_of
from ivr.desk.routing import Ask, Desk
from shared.domain.enrolment_errors import EnrolmentRefused, FirstKeysRefused, InvitationRefused
from shared.domain.errors import SignInFailed
from shared.domain.newcomers import (
    FirstKeys,
    Newcomer,
    begin_enrolment,
    keep_first_keys,
    make_account,
    renew_words,
    turn_away,
    vouch_for_keys,
)
from shared.domain.passphrases import NewPassphrase
from shared.domain.signing_in import Presented, bundle_of_newcomer
from shared.enrolment_messages import BeginEnrolment, EnrolmentBegun, KeepFirstKeys, Waiting
from shared.messages import SignIn
from shared.people_messages import Invited, InviteNewcomer, NewcomerCard, RenewWords
from shared.sealing.canonical import NotCanonical, from_base64url, to_base64url
from shared.sealing.enrolling import STORED_BYTES
from shared.sealing.errors import KeyMalformed, ParametersMalformed
from shared.sealing.keys import ReaderPublicKey
from shared.sealing.sign_in import SignInParameters
from shared.sealing.verify_key import VerifyKey


def invite(desk: Desk, ask: Ask) -> Invited:
    said: InviteNewcomer = ask.body
    stored = _stored(said.stored)
    with desk.store.begin() as tx:
        until = make_account(tx, ask.person_id, particulars_of(said.facts), stored, desk.clock())
    return Invited(words_until=until)


def give_new_words(desk: Desk, ask: Ask) -> Invited:
    said: RenewWords = ask.body
    stored = _stored(said.stored)
    with desk.store.begin() as tx:
        until = renew_words(tx, ask.person_id, ask.id, stored, desk.clock())
    return Invited(words_until=until)


def _stored(text: str) -> bytes:
    try:
        stored = from_base64url(text)
    except NotCanonical:
        raise InvitationRefused from None
    if len(stored) != STORED_BYTES:
        raise InvitationRefused
    return stored


def begin(desk: Desk, asked: BeginEnrolment) -> EnrolmentBegun:
    proof = _proof(asked.proof)
    with desk.store.read() as tx:
        person_id = begin_enrolment(tx, asked.name, proof, desk.clock())
    cost = desk.settings.sign_in_cost
    return EnrolmentBegun(person_id=person_id, memory_kib=cost.memory_kib, iterations=cost.iterations, lanes=cost.lanes)


def keep(desk: Desk, made: KeepFirstKeys) -> None:
    proof, keys = _proof(made.proof), _keys(made)
    with desk.store.begin() as tx:
        keep_first_keys(tx, made.name, proof, keys, desk.settings.sign_in_cost, desk.clock())


def _proof(text: str) -> bytes:
    try:
        return from_base64url(text)
    except NotCanonical:
        raise EnrolmentRefused from None


def _keys(made: KeepFirstKeys) -> FirstKeys:
    try:
        parameters = SignInParameters(from_base64url(made.salt), made.memory_kib, made.iterations, made.lanes)
        under = NewPassphrase(parameters, from_base64url(made.authentication_key), from_base64url(made.private_bundle))
        reader, verify = ReaderPublicKey(from_base64url(made.reader)), VerifyKey(from_base64url(made.verify))
    except (NotCanonical, ParametersMalformed, KeyMalformed):
        raise FirstKeysRefused from None
    return FirstKeys(under, reader, verify)


def wait(desk: Desk, asked: SignIn) -> Waiting:
    try:
        shown = Presented(asked.name, from_base64url(asked.authentication_key))
    except NotCanonical:
        raise SignInFailed from None
    with desk.store.begin() as tx:
        found = bundle_of_newcomer(tx, shown, desk.clock())
    if found is None:
        raise SignInFailed
    return Waiting(person_id=found[0], private_bundle=to_base64url(found[1]))


def card(one: Newcomer, person_id: str) -> NewcomerCard:
    """As this administrator sees it."""
    return NewcomerCard(
        id=one.id,
        facts=facts_of(one.particulars),
        words_until=one.words_until,
        reader=None if one.reader is None else to_base64url(one.reader.raw),
        verify=None if one.verify is None else to_base64url(one.verify.raw),
        vouched_by=tuple(sorted(one.vouched_by)),
        mine=person_id in one.vouched_by,
    )


def vouch(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        vouch_for_keys(tx, ask.person_id, ask.id, desk.clock())


def send_away(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        turn_away(tx, ask.person_id, ask.id, desk.clock())
