"""Twilio's queues: who waits, the wait page they hear, and how each wait ended. It knows nothing of who answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from ivr.simulator.calls import Call
from ivr.simulator.performer import Performer
from ivr.simulator.script import Ending, Performance, Released, Wait
from ivr.simulator.twiml_grammar import IN_A_QUEUE, Verb

if TYPE_CHECKING:
    from ivr.simulator.twiml_engine import Twilio

MADE_BY_ENQUEUE = 100  # Twilio's size for a queue that <Enqueue> creates; by REST it is 1000


@dataclass(frozen=True, slots=True)
class Member:
    """A call in a queue, since when."""

    call: Call
    enqueued: datetime


@dataclass(slots=True, eq=False)
class Queue:
    """One queue, first come first. `waits` are the seconds that ended waits took."""

    sid: str
    name: str
    max_size: int
    created: datetime
    updated: datetime
    members: list[Member] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @property
    def average_wait(self) -> int:
        """Whole seconds, over the waits that have ended."""
        return round(sum(self.waits) / len(self.waits)) if self.waits else 0

    def position(self, member: Member) -> int:
        """1 for the head."""
        return self.members.index(member) + 1


class Queues:
    """All queues of the account."""

    def __init__(self, twilio: "Twilio") -> None:
        self._twilio = twilio
        self.by_sid: dict[str, Queue] = {}

    def create(self, name: str, max_size: int) -> Queue:
        now = self._twilio.clock.now()
        queue = Queue(self._twilio.new_sid("QU"), name, max_size, now, now)
        self.by_sid[queue.sid] = queue
        return queue

    def named(self, name: str) -> Queue | None:
        return next((queue for queue in self.by_sid.values() if queue.name == name), None)

    def hold(self, call: Call, verb: Verb, base: str) -> Performance[Mapping[str, str]]:
        """Keep the call in the queue until it leaves; the result is what <Enqueue action> is sent."""
        queue = self.named(verb.text) or self.create(verb.text, MADE_BY_ENQUEUE)
        if len(queue.members) >= queue.max_size:
            return {"QueueResult": "queue-full", "QueueSid": queue.sid, "QueueTime": "0"}
        member = Member(call, self._twilio.clock.now())
        queue.members.append(member)
        self._begin_waiting(queue, member, verb, base)
        released: Released = yield Wait(None)
        return self._left(queue, member, released.how)

    def _begin_waiting(self, queue: Queue, member: Member, verb: Verb, base: str) -> None:
        call = member.call

        def part(how: str) -> None:
            result = self._left(queue, member, how)
            if verb.get("action"):
                # The answer to this request is read as strictly as any, and performed by nobody.
                self._twilio.ask_in_passing(call, urljoin(base, verb["action"]), result)

        call.parting = part
        wait_url = verb.get("waitUrl")
        if wait_url:
            waiter = Performer(self._twilio, call, IN_A_QUEUE, lambda: self._standing(queue, member))
            page = waiter.looped(urljoin(base, wait_url), verb["waitUrlMethod"])
            self._twilio.let_hear(call, page, lambda ending: self._page_ended(call, ending))
        self._twilio.notice(call)

    def _page_ended(self, call: Call, ending: Ending) -> None:
        if ending is Ending.LEFT_QUEUE:
            self._twilio.release(call, "leave")
        else:
            self._twilio.hang_up(call)

    def _standing(self, queue: Queue, member: Member) -> Mapping[str, str]:
        return {
            "QueueSid": queue.sid,
            "QueuePosition": str(queue.position(member)),
            "QueueTime": str(self.waited(member)),
            "AvgQueueTime": str(queue.average_wait),
            "CurrentQueueSize": str(len(queue.members)),
            "MaxQueueSize": str(queue.max_size),
        }

    def waited(self, member: Member) -> int:
        """Whole seconds in the queue so far."""
        return int((self._twilio.clock.now() - member.enqueued).total_seconds())

    def _left(self, queue: Queue, member: Member, how: str) -> Mapping[str, str]:
        member.call.parting = None
        member.call.stop_hearing()
        queue.members.remove(member)
        seconds = self.waited(member)
        queue.waits.append(seconds)
        return {"QueueResult": how, "QueueSid": queue.sid, "QueueTime": str(seconds)}
