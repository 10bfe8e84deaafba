"""What the desk and the console say to each other of units' questions: sealed, and never which report or caller."""

from datetime import date

from shared.messages import EnvelopeText, Id, Message, SlugText


class QuestionCard(Message):
    """One question; `sealed` has the supervisors' wrap while it waits, the desk's once it may be put."""

    id: Id
    unit_id: SlugText
    received_on: date
    sealed: EnvelopeText


class Questions(Message):
    """All that wait for review, or all that may be put."""

    questions: tuple[QuestionCard, ...]


class AcceptQuestion(Message):
    """The same envelope with the desk's wrap alone."""

    envelope: EnvelopeText
