"""A first sign-in over the desk's API: what is not as it must be changes nothing, and who waits is given no session."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update

from console.first_keys import make_first_keys
from shared.audit_view import newest_pages
from shared.domain.newcomers import invite
from shared.domain.people import Particulars
from shared.domain.vocabulary import Language, Role
from shared.enrolment_messages import EnrolmentBegun
from shared.sealing.canonical import to_base64url
from shared.sealing.enrolling import enrolment_proof, new_enrolment_words, stored_proof
from shared.store.database import Store
from shared.store.schema import desk_session, newcomer
from tests.support.organisation import ADMINISTRATOR, CHEAP, HANDLER, Organisation

NAME, PASSPHRASE = "Tegan", "known to nobody but Tegan"
FACTS = {"name": NAME, "roles": ["handler"], "languages": list(Language), "handset": None, "handset_trusted": False}


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


def test_an_administrator_makes_an_account_with_words_that_the_service_is_never_told(
    sign_in: Callable[[str], Any], client: Any, store: Store, clock: Any
) -> None:
    words = " ".join(new_enrolment_words())
    proof = enrolment_proof(words)
    stored = to_base64url(stored_proof(proof))
    asks = sign_in(ADMINISTRATOR)

    made = asks.ask("POST", "/newcomers", {"facts": FACTS, "stored": stored})
    again = asks.ask("POST", "/newcomers", {"facts": FACTS, "stored": stored})
    here = asks.ask("POST", "/newcomers", {"facts": FACTS | {"name": HANDLER.upper()}, "stored": stored})
    short = asks.ask("POST", "/newcomers", {"facts": FACTS | {"name": "Gwen"}, "stored": to_base64url(b"\1" * 31)})
    began = client.post("/desk/v1/enrolment/begin", json={"name": NAME, "proof": to_base64url(proof)})
    by_the_stored = client.post("/desk/v1/enrolment/begin", json={"name": NAME, "proof": stored})

    assert made.json == {"words_until": "2026-03-11T14:05:09Z"}
    assert [answer.json["code"] for answer in (again, here)] == ["name_taken"] * 2
    assert short.json["code"] == "invitation_refused"
    assert (began.status_code, by_the_stored.status_code) == (200, 403)
    with store.read() as tx:
        pages, _ = newest_pages(tx)
        kept = tx.execute(select(newcomer.c.stored_proof)).scalar_one()
    invited = [(line.actor, line.object) for line in pages[0].lines if line.verb == "person.invite"]
    assert invited == [(ADMINISTRATOR, NAME)]  # by name, though they are not here yet
    assert to_base64url(kept) == stored


def test_lost_words_are_made_anew_until_keys_were_made_with_them(
    sign_in: Callable[[str], Any], client: Any, store: Store, clock: Any, organisation: Organisation
) -> None:
    asks, lost, new = sign_in(ADMINISTRATOR), b"\1" * 32, b"\2" * 32
    keys = organisation.members[HANDLER].keys
    asks.ask("POST", "/newcomers", {"facts": FACTS, "stored": to_base64url(stored_proof(lost))})
    [coming] = asks.ask("GET", "/people").json["newcomers"]
    clock.advance(600)

    made = asks.ask("PUT", f"/newcomers/{coming['id']}/words", {"stored": to_base64url(stored_proof(new))})
    began = [
        client.post("/desk/v1/enrolment/begin", json={"name": NAME, "proof": to_base64url(proof)}).status_code
        for proof in (lost, new)
    ]
    with store.begin() as tx:
        tx.execute(update(newcomer).values(reader_public=keys.reader.raw, verify_public=keys.verify.raw))
    late = asks.ask("PUT", f"/newcomers/{coming['id']}/words", {"stored": to_base64url(stored_proof(lost))})

    assert made.json == {"words_until": "2026-03-11T14:15:09Z"}
    assert began == [403, 200]
    assert late.json["code"] == "keys_made_already"
    with store.read() as tx:
        pages, _ = newest_pages(tx)
        kept = tx.execute(select(newcomer.c.stored_proof)).scalar_one()
    assert [line.verb for line in pages[0].lines].count("person.invite") == 2
    assert kept == stored_proof(new)
