"""What a handler says of themselves: available, on a break, gone; and how long offers to them should stand."""

from ivr.desk.routing import Ask, Desk
from shared.call_messages import AnswerTime
from shared.domain.errors import NotOnTheList
from shared.domain.live_presence import take_time_to_answer
from shared.domain.presence import set_presence
from shared.messages import SetPresence


def put(desk: Desk, ask: Ask) -> None:
    said: SetPresence = ask.body
    if said.reason is not None and said.reason not in desk.settings.breaks:
        raise NotOnTheList
    with desk.store.begin() as tx:
        set_presence(tx, ask.person_id, said.state, desk.clock(), said.reason)


def put_answer_time(desk: Desk, ask: Ask) -> None:
    said: AnswerTime = ask.body
    with desk.store.begin() as tx:
        take_time_to_answer(tx, ask.person_id, said.seconds)
