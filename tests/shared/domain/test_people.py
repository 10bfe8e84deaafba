"""People as the service keeps them, and the directory it hands on."""

import pytest
from sqlalchemy import select

from shared.domain import people
from shared.domain.people import DirectoryMissing
from shared.domain.vocabulary import Language, Role
from shared.sealing.directory import RoleName
from shared.sealing.organisation import RoleSecret
from shared.sealing.role_wraps import open_role_wrap
from shared.sealing.signed_directory import verify_directory, with_unit
from shared.store.database import Store
from shared.store.schema import person
from tests.support.organisation import BOTH, EXPIRES, FOUNDED, HANDLER, SUPERVISOR, found_organisation, new_unit


def test_a_person_is_known_by_roles_and_languages(store: Store) -> None:
    member = found_organisation(store).members[BOTH]

    with store.read() as tx:
        rows = tx.execute(select(person).where(person.c.id == member.id)).all()
        (known,) = people.colleagues(tx, rows)

    assert (known.id, known.name) == (member.id, BOTH)
    assert known.roles == (Role.HANDLER, Role.SUPERVISOR)
    assert known.languages == (Language.EN,)


def test_supervisors_hold_the_role_keys_they_review_and_release_with(store: Store) -> None:
    organisation = found_organisation(store)
    supervisor, handler = organisation.members[SUPERVISOR], organisation.members[HANDLER]

    with store.read() as tx:
        held = {key.role: key for key in people.role_keys_of(tx, supervisor.id)}
        handlers = {key.role for key in people.role_keys_of(tx, handler.id)}

    review = held[RoleName.SUPERVISORS]
    seed = open_role_wrap(review.wrap, review.role, review.version, supervisor.private.reader)
    assert RoleSecret(review.role, review.version, seed).reader().public == organisation.supervisors.public
    assert RoleName.RELEASE in held
    assert handlers == {RoleName.DESK}


def test_the_newest_directory_counts_and_is_handed_on_as_the_root_signed_it(store: Store) -> None:
    organisation = found_organisation(store)
    newer = with_unit(organisation.directory, new_unit("btp-psd", ("british-transport",)).entry, FOUNDED, EXPIRES)
    organisation.publish(store, newer)

    with store.read() as tx:
        document, read = people.signed_directory(tx), people.current_directory(tx)

    assert read == newer
    assert verify_directory(document, organisation.root.public, 0, None) == newer


def test_a_service_that_was_never_set_up_has_no_directory(store: Store) -> None:
    with store.read() as tx, pytest.raises(DirectoryMissing):
        people.current_directory(tx)
