"""A first sign-in over the desk's API: what is not as it must be changes nothing, and who waits is given no session."""

from typing import Any

from sqlalchemy import select

from console.first_keys import make_first_keys
from shared.domain.newcomers import invite
from shared.domain.people import Particulars
from shared.domain.vocabulary import Language, Role
from shared.enrolment_messages import EnrolmentBegun
from shared.sealing.canonical import to_base64url
from shared.sealing.enrolling import enrolment_proof
from shared.store.database import Store
from shared.store.schema import desk_session, newcomer
from tests.support.organisation import CHEAP, Organisation

NAME, PASSPHRASE = "Tegan", "known to nobody but Tegan"


def test_a_first_sign_in_is_kept_whole_or_not_at_all_and_opens_no_session(
    client: Any, store: Store, clock: Any, organisation: Organisation
) -> None:
    with store.begin() as tx:
        words = invite(tx, Particulars(NAME, (Role.AUDITOR,), (Language.EN,)), clock()).words
    proof = enrolment_proof(" ".join(words))
    told = client.post("/desk/v1/enrolment/begin", json={"name": NAME, "proof": to_base64url(proof)})
    made = make_first_keys(NAME, proof, PASSPHRASE, EnrolmentBegun.model_validate(told.json), CHEAP)
    sound = made.message.model_dump(mode="json")
    signs_in = {"name": NAME, "authentication_key": sound["authentication_key"]}

    unknown = client.post("/desk/v1/enrolment/begin", json={"name": "Nobody", "proof": to_base64url(proof)})
    not_canonical = client.post("/desk/v1/enrolment/begin", json={"name": NAME, "proof": "A"})
    no_name = client.post("/desk/v1/enrolment/begin", json={"name": "Teg\0an", "proof": to_base64url(proof)})
    broken = [
        client.post("/desk/v1/enrolment/keys", json=sound | wrong)
        for wrong in (
            {"reader": "AAAA"},
            {"verify": "AAAA"},
            {"salt": "AAAA"},
            {"memory_kib": 1},
            {"private_bundle": "A"},
        )
    ]
    with store.read() as tx:
        kept_before = tx.execute(select(newcomer.c.private_bundle)).scalar_one()
    first = client.post("/desk/v1/enrolment/keys", json=sound)
    waits = client.post("/desk/v1/sign-in", json=signs_in)
    own = client.post("/desk/v1/sign-in/waiting", json=signs_in)
    others = client.post("/desk/v1/sign-in/waiting", json=signs_in | {"authentication_key": "AAAA"})

    assert (unknown.status_code, unknown.data) == (not_canonical.status_code, not_canonical.data)
    assert {answer.json["code"] for answer in broken} == {"first_keys_refused"}
    assert kept_before is None
    assert no_name.status_code == 422
    assert (first.status_code, waits.status_code, waits.json["code"]) == (204, 403, "waits_to_be_confirmed")
    assert own.json["private_bundle"] == sound["private_bundle"]
    assert (others.status_code, others.json["code"]) == (401, "sign_in_failed")
    with store.read() as tx:
        assert tx.execute(select(desk_session.c.id)).all() == []
