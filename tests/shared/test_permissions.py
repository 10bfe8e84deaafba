"""The table of who may do what."""

from shared.domain.vocabulary import Role
from shared.permissions import PERMISSIONS, Verb, may, may_with


def test_every_role_has_a_row_and_every_verb_belongs_to_someone() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert set().union(*PERMISSIONS.values()) == set(Verb)


def test_two_roles_together_may_do_what_either_may() -> None:
    both = (Role.HANDLER, Role.SUPERVISOR)

    assert {verb for verb in Verb if may(both, verb)} == {*PERMISSIONS[Role.HANDLER], *PERMISSIONS[Role.SUPERVISOR]}


def test_nobody_may_do_anything_without_a_role() -> None:
    assert not any(may((), verb) for verb in Verb)


def test_only_handlers_take_calls_and_write_and_only_supervisors_review() -> None:
    assert [role for role in Role if may((role,), Verb.TAKE_CALLS)] == [Role.HANDLER]
    assert [role for role in Role if may((role,), Verb.WRITE_REPORTS)] == [Role.HANDLER]
    assert [role for role in Role if may((role,), Verb.REVIEW_REPORTS)] == [Role.SUPERVISOR]


def test_administrators_and_auditors_read_no_report() -> None:
    assert not may((Role.ADMINISTRATOR, Role.AUDITOR), Verb.READ_REPORTS)


def test_nobody_confirms_what_they_proposed_and_nobody_reviews_what_they_wrote() -> None:
    everything = tuple(Role)

    assert not may_with(everything, Verb.CONFIRM_CHANGES, own=True)
    assert not may_with(everything, Verb.REVIEW_REPORTS, own=True)
    assert may_with(everything, Verb.CONFIRM_CHANGES, own=False)


def test_calls_sessions_and_passphrases_are_ones_own_whatever_the_role() -> None:
    for verb in (Verb.TAKE_CALLS, Verb.WRITE_REPORTS, Verb.OWN_SESSIONS, Verb.CHANGE_PASSPHRASE):
        assert may_with(tuple(Role), verb, own=True)
        assert not may_with(tuple(Role), verb, own=False)


def test_only_auditors_read_the_audit_log_and_only_administrators_see_everyone() -> None:
    assert [role for role in Role if may((role,), Verb.READ_AUDIT)] == [Role.AUDITOR]
    assert [role for role in Role if may((role,), Verb.SEE_PEOPLE)] == [Role.ADMINISTRATOR]
