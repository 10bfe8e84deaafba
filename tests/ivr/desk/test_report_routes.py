"""A report's way over the desk's API, as two consoles go it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from shared.domain.vocabulary import Mode
from shared.messages import Saved, SealedReport
from shared.sealing.canonical import from_base64url, to_base64url
from shared.sealing.envelope import MAX_CONTENT_BYTES, Envelope, open_envelope, rewrap
from shared.sealing.envelope_file import envelope_from_bytes
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import delivery, live_call
from tests.support import sealed_reports as sealing
from tests.support.organisation import HANDLER, KENT, KENT_ALTERNATE, SUPERVISOR, Member, Organisation


def _save(envelope: Envelope, revision: str | None, facts: Any = None, **more: Any) -> dict[str, Any]:
    facts = facts or sealing.facts()
    message = {"revision": revision, "facts": facts.model_dump(mode="json"), "envelope": sealing.as_text(envelope)}
    return message | more


def _sealed(answer: Any) -> tuple[SealedReport, Envelope]:
    report = SealedReport.model_validate_json(answer.data)
    return report, envelope_from_bytes(from_base64url(report.envelope))


def _leaving(organisation: Organisation, supervisor: Member, revision: str, unit_id: str) -> dict[str, Any]:
    leaving = sealing.releasing(supervisor, revision, unit_id, sealing.release(organisation, unit_id))
    return leaving.model_dump(mode="json", exclude_none=True)


def test_a_report_goes_from_its_author_over_a_supervisor_to_the_outbox(
    sign_in: Callable[[str], Any], organisation: Organisation, store: Store
) -> None:
    author, supervisor = sign_in(HANDLER), sign_in(SUPERVISOR)
    draft, sent = sealing.draft(organisation, author.member), sealing.review(organisation)
    signed = sealing.signed(sealing.facts(), sent, author.member)

    begun = Saved.model_validate(author.ask("POST", "/reports", _save(draft, None)).json)
    submitted = author.ask("POST", f"/reports/{begun.id}/submit", _save(sent, begun.revision, signed)).json
    report, envelope = _sealed(supervisor.ask("GET", f"/reports/{begun.id}"))
    released = supervisor.ask(
        "POST",
        f"/reports/{begun.id}/release",
        _leaving(organisation, supervisor.member, submitted["revision"], KENT),
    )

    assert open_envelope(envelope, organisation.supervisors, None) == sealing.WORDS
    assert report.author_id == author.member.id
    assert released.status_code == 200
    with store.read() as tx:
        assert tx.execute(select(delivery.c.unit_id)).scalars().all() == [KENT]
    assert author.ask("GET", f"/reports/{begun.id}").status_code == 404


def test_an_author_is_sent_their_own_wrap_and_no_other(
    sign_in: Callable[[str], Any], organisation: Organisation
) -> None:
    author = sign_in(HANDLER)
    draft = sealing.draft(organisation, author.member)
    begun = author.ask("POST", "/reports", _save(draft, None)).json

    report, envelope = _sealed(author.ask("GET", f"/reports/{begun['id']}"))

    assert set(envelope.wraps) == {author.member.keys.reader.key_id}
    assert envelope.digest == draft.digest
    assert (report.card.mine, report.author_id) == (True, None)


def test_a_returned_report_is_opened_by_its_author(sign_in: Callable[[str], Any], organisation: Organisation) -> None:
    author, supervisor = sign_in(HANDLER), sign_in(SUPERVISOR)
    sent = sealing.review(organisation)
    signed = sealing.signed(sealing.facts(), sent, author.member)
    begun = author.ask("POST", "/reports", _save(sealing.draft(organisation, author.member), None)).json
    submitted = author.ask("POST", f"/reports/{begun['id']}/submit", _save(sent, begun["revision"], signed)).json

    remarks = sealing.as_text(sealing.draft(organisation, author.member, b"please widen"))
    back = supervisor.ask(
        "POST", f"/reports/{begun['id']}/return", {"revision": submitted["revision"], "envelope": remarks}
    )

    assert back.status_code == 200
    _, envelope = _sealed(author.ask("GET", f"/reports/{begun['id']}"))
    assert open_envelope(envelope, author.member.private.reader, None) == b"please widen"
    assert supervisor.ask("GET", f"/reports/{begun['id']}").status_code == 404


def test_a_stale_save_says_so(sign_in: Callable[[str], Any], organisation: Organisation) -> None:
    author = sign_in(HANDLER)
    begun = author.ask("POST", "/reports", _save(sealing.draft(organisation, author.member), None)).json

    for revision in (random_id(), None):
        answer = author.ask(
            "PUT", f"/reports/{begun['id']}", _save(sealing.draft(organisation, author.member), revision)
        )
        assert (answer.status_code, answer.json["code"]) == (409, "stale_report")


def test_what_is_no_envelope_is_refused_and_not_repeated(sign_in: Callable[[str], Any]) -> None:
    author = sign_in(HANDLER)
    message = {"revision": None, "facts": sealing.facts().model_dump(mode="json")}

    for text in ("", "A", "WkVCUkE", "x" * 400):
        answer = author.ask("POST", "/reports", message | {"envelope": text})
        assert (answer.status_code, answer.json["code"]) == (422, "envelope_refused")


def test_the_largest_report_fits(sign_in: Callable[[str], Any], organisation: Organisation) -> None:
    author = sign_in(HANDLER)
    largest = sealing.draft(organisation, author.member, b"x" * MAX_CONTENT_BYTES)

    assert author.ask("POST", "/reports", _save(largest, None)).status_code == 200


def test_a_draft_begun_in_a_call_is_known_to_it_until_the_call_is_wrapped_up(
    sign_in: Callable[[str], Any], organisation: Organisation, caller_waits: Callable[[], str], store: Store
) -> None:
    author = sign_in(HANDLER)
    author.ask("PUT", "/presence", {"state": "available"})
    caller_waits()
    with store.read() as tx:
        call_id = tx.execute(select(live_call.c.id)).scalar_one()
    author.ask("POST", f"/calls/{call_id}/take")

    begun = author.ask("POST", "/reports", _save(sealing.draft(organisation, author.member), None, call_id=call_id))

    with store.read() as tx:
        assert tx.execute(select(live_call.c.draft_id)).scalar_one() == begun.json["id"]


def test_a_draft_for_a_call_that_is_not_ones_own_is_kept_without_the_call(
    sign_in: Callable[[str], Any], organisation: Organisation, caller_waits: Callable[[], str], store: Store
) -> None:
    author = sign_in(HANDLER)
    caller_waits()
    with store.read() as tx:
        call_id = tx.execute(select(live_call.c.id)).scalar_one()

    answer = author.ask("POST", "/reports", _save(sealing.draft(organisation, author.member), None, call_id=call_id))

    assert answer.status_code == 200
    with store.read() as tx:
        assert tx.execute(select(live_call.c.draft_id)).scalar_one() is None


def test_a_draft_written_while_its_call_came_to_an_end_is_kept(
    sign_in: Callable[[str], Any], organisation: Organisation
) -> None:
    author = sign_in(HANDLER)

    answer = author.ask("POST", "/reports", _save(sealing.draft(organisation, author.member), None, call_id="0" * 32))

    assert answer.status_code == 200


CONFIDENTIAL = sealing.facts(mode=Mode.CONFIDENTIAL)


def test_contact_details_travel_beside_the_report_and_a_supervisor_gets_no_wrap_of_them(
    sign_in: Callable[[str], Any], organisation: Organisation
) -> None:
    author, supervisor = sign_in(HANDLER), sign_in(SUPERVISOR)
    drafted = sealing.contact(organisation, author.member)
    message = _save(sealing.draft(organisation, author.member), None, CONFIDENTIAL, contact=sealing.as_text(drafted))
    begun = author.ask("POST", "/reports", message).json
    own = _contact(author.ask("GET", f"/reports/{begun['id']}"))
    sent, details = sealing.review(organisation), sealing.contact(organisation, author.member, KENT)
    signed = sealing.signed(CONFIDENTIAL, sent, author.member)
    message = _save(sent, begun["revision"], signed, contact=sealing.as_text(details))
    submitted = author.ask("POST", f"/reports/{begun['id']}/submit", message).json
    shown = _contact(supervisor.ask("GET", f"/reports/{begun['id']}"))
    leaves = _leaving(organisation, supervisor.member, submitted["revision"], KENT)

    unsigned = supervisor.ask("POST", f"/reports/{begun['id']}/release", leaves)
    nonsense = supervisor.ask("POST", f"/reports/{begun['id']}/release", leaves | {"contact_signature": "A"})
    signature = to_base64url(sealing.contact_signature(organisation, shown))
    released = supervisor.ask("POST", f"/reports/{begun['id']}/release", leaves | {"contact_signature": signature})

    assert open_envelope(own, author.member.private.reader, None) == sealing.DETAILS
    assert (shown.digest, dict(shown.wraps)) == (details.digest, {})
    assert [answer.status_code for answer in (unsigned, nonsense, released)] == [422, 422, 200]


def test_the_desk_refuses_contact_details_with_another_reader(
    sign_in: Callable[[str], Any], organisation: Organisation
) -> None:
    author = sign_in(HANDLER)
    for_kent = sealing.as_text(sealing.contact(organisation, author.member, KENT))
    draft = sealing.draft(organisation, author.member)

    answer = author.ask("POST", "/reports", _save(draft, None, CONFIDENTIAL, contact=for_kent))

    assert (answer.status_code, answer.json["code"]) == (422, "envelope_refused")


def test_waiting_contact_details_are_given_to_their_author_and_taken_back_for_the_unit(
    sign_in: Callable[[str], Any], organisation: Organisation
) -> None:
    author, supervisor = sign_in(HANDLER), sign_in(SUPERVISOR)
    facts = sealing.facts(mode=Mode.CONFIDENTIAL, conflict=True)
    begun = author.ask("POST", "/reports", _save(sealing.draft(organisation, author.member), None, facts)).json
    sent, details = sealing.review(organisation), sealing.contact(organisation, author.member)
    message = _save(sent, begun["revision"], sealing.signed(facts, sent, author.member))
    path = f"/reports/{begun['id']}"
    submitted = author.ask("POST", f"{path}/submit", message | {"contact": sealing.as_text(details)}).json
    too_early = author.ask("GET", f"{path}/contact").status_code
    leaves = _leaving(organisation, supervisor.member, submitted["revision"], KENT_ALTERNATE) | {
        "contact_signature": to_base64url(sealing.contact_signature(organisation, details)),
        "contact_address": to_base64url(sealing.contact_address(organisation, details, KENT_ALTERNATE)),
    }
    assert supervisor.ask("POST", f"{path}/release", leaves).status_code == 200

    given = author.ask("GET", f"{path}/contact").json
    waiting = envelope_from_bytes(from_base64url(given["envelope"]))
    unit = organisation.units[KENT_ALTERNATE].reader.public
    anew = {"envelope": sealing.as_text(rewrap(waiting, author.member.private.reader, unit))}
    answers = [author.ask("PUT", f"{path}/contact", message).status_code for message in (anew, anew)]

    assert too_early == 404
    assert given["address"] == leaves["contact_address"]
    assert answers == [204, 404]


def _contact(answer: Any) -> Envelope:
    text = SealedReport.model_validate_json(answer.data).contact
    assert text is not None
    return envelope_from_bytes(from_base64url(text))
