"""Units' questions for callers who ring again: reviewed by a supervisor, and given whole to every handler's console."""

from ivr.desk.reports import envelope_in
from ivr.desk.routing import Ask, Desk
from shared.domain import questions
from shared.domain.vocabulary import QuestionState
from shared.question_messages import AcceptQuestion, QuestionCard, Questions
from shared.sealing.canonical import to_base64url


def waiting(desk: Desk, _ask: Ask) -> Questions:
    return _all(desk, QuestionState.WAITING)


def accepted(desk: Desk, _ask: Ask) -> Questions:
    """All of them, whoever the caller is: which one is put, the service is not to know."""
    return _all(desk, QuestionState.ACCEPTED)


def accept(desk: Desk, ask: Ask) -> None:
    said: AcceptQuestion = ask.body
    envelope = envelope_in(said.envelope)
    with desk.store.begin() as tx:
        questions.accept_question(tx, ask.person_id, ask.id, envelope, desk.clock())


def reject(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        questions.reject_question(tx, ask.person_id, ask.id, desk.clock())


def _all(desk: Desk, state: QuestionState) -> Questions:
    with desk.store.read() as tx:
        rows = questions.questions_in(tx, state, desk.clock())
    cards = (
        QuestionCard(id=row.id, unit_id=row.unit_id, received_on=row.received_on, sealed=to_base64url(row.sealed))
        for row in rows
    )
    return Questions(questions=tuple(cards))
