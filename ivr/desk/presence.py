"""What a handler says of themselves: available, on a break, gone."""

from ivr.desk.routing import Ask, Desk
from shared.domain.presence import set_presence
from shared.messages import SetPresence


def put(desk: Desk, ask: Ask) -> None:
    said: SetPresence = ask.body
    with desk.store.begin() as tx:
        set_presence(tx, ask.person_id, said.state, desk.clock())
