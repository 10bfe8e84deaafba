"""What the local Twilio refuses. Each refusal names the thing at fault; none knows how a call ends because of it."""


class TwimlRefused(Exception):
    """A document that Twilio would not perform, or that uses something the local Twilio does not know."""


class NotTheSimulators(Exception):
    """Credentials or addresses that are not the local Twilio's own: it never poses as a real account."""


class WebhookUnreachable(Exception):
    """The application did not answer: no connection, or nothing within Twilio's fifteen seconds."""


class NothingHappened(AssertionError):
    """Virtual time ran to its limit and what was waited for did not come about."""
