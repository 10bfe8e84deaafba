"""Signing in and out at the desk."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from shared.domain.key_changes import suspend_key
from shared.messages import SignedIn
from shared.sealing.canonical import from_base64url, to_base64url
from shared.sealing.organisation import open_bundle
from shared.sealing.sign_in import SignInParameters, derive
from shared.sealing.signed_directory import verify_directory
from shared.store.database import Store
from shared.store.schema import desk_session, person, presence
from tests.support.organisation import CHEAP, FOUNDED, HANDLER, SECOND_HANDLER, SUPERVISOR, Organisation

WRONG = to_base64url(b"\1" * 32)


def test_a_console_derives_its_key_from_what_it_is_told_and_opens_what_it_gets(
    client: FlaskClient, organisation: Organisation
) -> None:
    member = organisation.members[SUPERVISOR]

    told = client.post("/desk/v1/sign-in/parameters", json={"name": SUPERVISOR}).json
    assert told.pop("second_factor") is False
    parameters = SignInParameters(from_base64url(told.pop("salt")), **told)
    derived = derive(member.passphrase, parameters, floor=CHEAP)
    message = {"name": SUPERVISOR, "authentication_key": to_base64url(derived.authentication)}
    answer = client.post("/desk/v1/sign-in", json=message)

    signed_in = SignedIn.model_validate_json(answer.data)
    private = open_bundle(from_base64url(signed_in.private_bundle), derived.wrapping, signed_in.person.id)
    assert private.reader.public == member.keys.reader
    assert {wrap.role for wrap in signed_in.role_wraps} == {"supervisors", "release", "desk"}
    directory = verify_directory(from_base64url(signed_in.directory), organisation.root.public, 0, None)
    assert directory == organisation.directory


def test_unknown_names_wrong_keys_the_suspended_and_the_locked_get_the_same_answer(
    client: FlaskClient, organisation: Organisation, store: Store, clock: Any
) -> None:
    suspended, locked = organisation.members[SECOND_HANDLER], organisation.members[SUPERVISOR]
    with store.begin() as tx:
        tx.execute(update(person).where(person.c.id == suspended.id).values(active=False))
        later = clock().replace(year=2027)
        tx.execute(update(person).where(person.c.id == locked.id).values(locked_until=later))

    answers = [
        client.post("/desk/v1/sign-in", json={"name": name, "authentication_key": key})
        for name, key in (
            ("Nobody", WRONG),
            (HANDLER, WRONG),
            (HANDLER, "A"),
            (suspended.name, to_base64url(suspended.authentication_key)),
            (locked.name, to_base64url(locked.authentication_key)),
        )
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.data for answer in answers}) == 1
    assert len({tuple(answer.headers) for answer in answers}) == 1


def test_parameters_are_given_for_any_name_in_the_same_shape(client: FlaskClient) -> None:
    known, unknown, again = (
        client.post("/desk/v1/sign-in/parameters", json={"name": name}).json for name in (HANDLER, "Nobody", "Nobody")
    )

    assert unknown == again
    assert known.keys() == unknown.keys()
    assert {key: known[key] for key in known if key != "salt"} == {key: again[key] for key in again if key != "salt"}
    assert len(known["salt"]) == len(unknown["salt"])


def test_failures_are_counted_although_the_answer_is_no(client: FlaskClient, store: Store) -> None:
    for _ in range(3):
        client.post("/desk/v1/sign-in", json={"name": HANDLER, "authentication_key": WRONG})

    with store.read() as tx:
        assert tx.execute(select(person.c.failed_sign_ins).where(person.c.name == HANDLER)).scalar_one() == 3


def test_signing_out_ends_the_session_and_takes_a_handler_off_duty(sign_in: Callable[[str], Any], store: Store) -> None:
    console = sign_in(HANDLER)
    console.ask("PUT", "/presence", {"state": "available"})

    assert console.ask("DELETE", "/session").status_code == 204

    assert console.ask("GET", "/directory").status_code == 401
    with store.read() as tx:
        assert tx.execute(select(desk_session)).all() == []
        assert tx.execute(select(presence.c.state)).scalars().all() == ["offline"]


def test_what_is_suspended_comes_with_the_directory_and_with_each_token(
    store: Store, sign_in: Callable[[str], Any], organisation: Organisation
) -> None:
    console = sign_in(HANDLER)
    key_id = organisation.members[HANDLER].keys.reader.key_id
    before = console.ask("GET", "/directory").json["suspended"]
    with store.begin() as tx:
        suspend_key(tx, key_id, ["a" * 32], FOUNDED)

    with_directory, with_token = console.ask("GET", "/directory"), console.ask("POST", "/session/token")

    assert before == []
    assert with_directory.json["suspended"] == with_token.json["suspended"] == [key_id]


def test_the_directory_is_the_newest_the_root_signed(sign_in: Callable[[str], Any], organisation: Organisation) -> None:
    answer = sign_in(HANDLER).ask("GET", "/directory")

    document = from_base64url(answer.json["directory"])
    assert verify_directory(document, organisation.root.public, 0, None) == organisation.directory


@pytest.mark.parametrize("state", ["on_call", "wrap_up", "missed", "asleep"])
def test_a_handler_says_only_what_they_can_know_of_themselves(sign_in: Callable[[str], Any], state: str) -> None:
    assert sign_in(HANDLER).ask("PUT", "/presence", {"state": state}).status_code == 422
