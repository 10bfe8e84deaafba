"""The keys a console holds: the present ones to seal with, earlier ones only to open what is still sealed to them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from console.keyring import Keys, envelope_in
from console.opened_keys import open_keys
from console.sealed_report import WrittenReport
from shared.domain.vocabulary import Category, Mode
from shared.forms import ReleaseFacts, load_form, prefill
from shared.messages import PersonCard, RoleWrap, SignedIn
from shared.sealing.canonical import to_base64url
from shared.sealing.directory import RoleKey, RoleName
from shared.sealing.envelope import open_envelope
from shared.sealing.errors import NotForThisReader
from shared.sealing.flags import ReleaseFlags
from shared.sealing.header import EnvelopeKind
from shared.sealing.organisation import RoleSecret, new_role_key
from shared.sealing.sign_in import derive
from shared.sealing.signed_directory import sign_directory, with_role_key
from shared.store.database import Store
from tests.support import sealed_reports as sealing
from tests.support.organisation import (
    CHEAP,
    ESSEX,
    EXPIRES,
    FOUNDED,
    HANDLER,
    KENT,
    SUPERVISOR,
    Organisation,
    found_organisation,
)

FORM = load_form("report.v1")
LATER = datetime(2026, 3, 10, 22, tzinfo=UTC)


@pytest.fixture
def organisation(sqlite_store: Store) -> Organisation:
    return found_organisation(sqlite_store)


def signed_in(organisation: Organisation, name: str, held: tuple[RoleSecret, ...]) -> SignedIn:
    member = organisation.members[name]
    return SignedIn(
        token="t",
        token_until=LATER,
        expires_at=LATER,
        person=PersonCard(id=member.id, name=name, roles=member.keys.roles, languages=()),
        private_bundle=to_base64url(member.keys.private_bundle),
        role_wraps=tuple(
            RoleWrap(
                role=secret.role.value,
                version=secret.version,
                wrap=to_base64url(secret.wrapped_for(member.keys.reader)),
            )
            for secret in held
        ),
        directory=to_base64url(sign_directory(organisation.directory, organisation.root)),
    )


def test_an_earlier_role_key_opens_what_was_sealed_before_and_seals_nothing_more(organisation: Organisation) -> None:
    earlier, present = organisation.role_secrets[RoleName.SUPERVISORS], new_role_key(RoleName.SUPERVISORS, 2)
    key = RoleKey(role=RoleName.SUPERVISORS, version=2, reader=present.reader().public)
    organisation.directory = with_role_key(organisation.directory, key, FOUNDED, EXPIRES)
    member = organisation.members[SUPERVISOR]
    derived = derive(member.passphrase, member.keys.parameters, floor=CHEAP)
    written = WrittenReport(author=organisation.members[HANDLER].id, content={"force": "kent"})
    sealed_before = sealing.as_text(
        sealing.sealed(EnvelopeKind.REVIEW, [earlier.reader().public], words=written.to_bytes())
    )

    keys = open_keys(signed_in(organisation, SUPERVISOR, (earlier, present)), derived, organisation.root.public, int)
    without = open_keys(signed_in(organisation, SUPERVISOR, (present,)), derived, organisation.root.public, int)

    assert keys.open_report(sealed_before).content == written.content
    assert keys.roles[RoleName.SUPERVISORS].version == 2
    assert keys.directory.supervisors_key() == present.reader().public
    assert set(envelope_in(sealed_before).wraps) == {earlier.reader().key_id}
    with pytest.raises(NotForThisReader):
        without.open_report(sealed_before)


@pytest.mark.parametrize("urgently", [False, True])
def test_what_goes_elsewhere_tells_nothing_of_when_it_went_first_though_its_author_called_it_urgent(
    organisation: Organisation, urgently: bool
) -> None:
    member = organisation.members[SUPERVISOR]
    keys = Keys(member.id, member.private, organisation.role_secrets, organisation.directory)
    content = prefill(FORM, Mode.ANONYMOUS, Category.OTHER, "kent") | {"harm": "immediate", "urgent": "yes"}
    facts = ReleaseFacts(Mode.ANONYMOUS, Category.OTHER, "kent", date(2026, 3, 5))
    flags = ReleaseFlags(reworded=False, hints_settled=True, urgent=urgently)

    first = keys.seal_release(content, FORM, facts, KENT, flags).envelope
    then = keys.seal_elsewhere(first, ESSEX, date(2026, 4, 21))

    sent, elsewhere = (
        json.loads(open_envelope(envelope_in(text), organisation.units[unit].reader, organisation.release.public))
        for text, unit in ((first, KENT), (then, ESSEX))
    )
    assert (sent.get("dated"), elsewhere.get("dated")) == (("2026-03-05", "2026-04-21") if urgently else (None, None))
    assert ("urgent" in sent, "urgent" in elsewhere) == (urgently, urgently)
    assert {**sent, "dated": None} == {**elsewhere, "dated": None}
