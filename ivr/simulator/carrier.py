"""Brings the local Twilio's requests to the application and back, with its one retry and the faults switched on."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ivr.simulator.clock import Clock
from ivr.simulator.faults import Fault, Faults
from ivr.simulator.refusals import WebhookUnreachable
from ivr.simulator.webhook import Reply, Transport, Webhook, send

Answer = Reply | WebhookUnreachable
UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Alert:
    """What Twilio would keep in its alerts, undeletable: the request with all its parameters, and what was wrong."""

    webhook: Webhook
    reason: str


class Carrier:
    """Sends requests in the background. The answer to a request for TwiML is handed to `done`."""

    def __init__(
        self, clock: Clock, transport: Transport, auth_token: str, faults: Faults, randomness: random.Random
    ) -> None:
        self._clock = clock
        self.transport = transport
        self._auth_token = auth_token
        self._faults = faults
        self._randomness = randomness
        self._held: list[Webhook] = []
        self.alerts: list[Alert] = []

    def ask(self, webhook: Webhook, done: Callable[[Answer], None]) -> None:
        """Ask for TwiML; a refused connection is tried once more with the same idempotency token."""
        webhook = self._stamped(webhook)
        befallen = self._faults.befalls(webhook)
        delay = befallen.seconds if befallen and befallen.fault is Fault.DELAY else 0.0
        fault = befallen.fault if befallen else None
        if fault is Fault.LOSE_DIGITS:
            webhook = replace(webhook, params={k: v for k, v in webhook.params.items() if k != "Digits"})

        def work() -> None:
            if fault is Fault.REPEAT_WEBHOOK:
                self._try(webhook)
            done(self._nobody(webhook) if fault is Fault.UNREACHABLE else self._try_twice(webhook))

        self._clock.after(delay, lambda: self._clock.background(work))

    def tell(self, url: str, params: Mapping[str, str]) -> None:
        """Send a status callback. What is answered changes nothing; a failure becomes an alert."""
        webhook = self._stamped(Webhook(url, params))
        befallen = self._faults.befalls(webhook)
        match befallen.fault if befallen else None:
            case Fault.DROP:
                return
            case Fault.UNREACHABLE:
                self._nobody(webhook)
                return
            case Fault.REORDER:
                self._held.append(webhook)
                self._clock.after(befallen.seconds if befallen else 0, self._send_held)
                return
            case Fault.DUPLICATE:
                self._deliver(webhook)
            case Fault.DELAY:
                self._clock.after(befallen.seconds if befallen else 0, lambda: self._deliver(webhook))
                return
            case _:  # none, or one that befalls no callback
                pass
        self._deliver(webhook)
        self._send_held()

    def _send_held(self) -> None:
        held, self._held = self._held, []
        for webhook in held:
            self._deliver(webhook)

    def _deliver(self, webhook: Webhook) -> None:
        self._clock.background(lambda: self._judge(webhook, self._try_twice(webhook)))

    def _judge(self, webhook: Webhook, answer: Answer) -> None:
        if isinstance(answer, Reply) and answer.status >= 300:
            self.alerts.append(Alert(webhook, f"status {answer.status}"))

    def _try_twice(self, webhook: Webhook) -> Answer:
        answer = self._try(webhook)
        if isinstance(answer, WebhookUnreachable):
            answer = self._try(webhook)
        return self._nobody(webhook) if isinstance(answer, WebhookUnreachable) else answer

    def _nobody(self, webhook: Webhook) -> WebhookUnreachable:
        self.alerts.append(Alert(webhook, UNREACHABLE))
        return WebhookUnreachable(UNREACHABLE)

    def _try(self, webhook: Webhook) -> Answer:
        try:
            return send(webhook, self._auth_token, self.transport)
        except WebhookUnreachable as unreachable:
            return unreachable

    def _stamped(self, webhook: Webhook) -> Webhook:
        return replace(webhook, token=f"{self._randomness.getrandbits(128):032x}")
