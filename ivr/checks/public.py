"""The line as Twilio reaches it: by its public address, with and without the right signature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree

import httpx

from ivr.checks.finding import Finding
from ivr.line.allow_list import Route
from ivr.line.signature import signature

TIMEOUT_SECONDS: Final = 15.0  # as long as Twilio waits
# A report about a call that nobody made, of a state that changes nothing: harmless, and signed as any other.
HARMLESS: Final[Mapping[str, str]] = {"CallSid": f"CA{'0' * 32}", "CallStatus": "ringing"}
_SIGNED: Final = "X-Twilio-Signature"


def public_line(public_url: str, tokens: Mapping[str, str], http: httpx.Client) -> Iterator[Finding]:
    """``tokens`` are the account's, by their key in the configuration."""
    url = f"{public_url.rstrip('/')}{Route.STATUS}"
    for key, token in tokens.items():
        try:
            answer = http.post(url, data=dict(HARMLESS), headers={_SIGNED: signature(token, url, HARMLESS)})
        except httpx.HTTPError as error:
            yield _unreachable(public_url, error)
            return
        yield _of_signed(answer, key)
    try:
        yield _of_unsigned(http.post(url, data=dict(HARMLESS)))
    except httpx.HTTPError as error:
        yield _unreachable(public_url, error)


def _unreachable(public_url: str, error: httpx.HTTPError) -> Finding:
    to_do = "See that 'candour serve' runs, and that name, TLS certificate and whatever stands in front are right."
    return Finding("public address", f"{public_url}: {type(error).__name__}", to_do)


def _of_signed(answer: httpx.Response, key: str) -> Finding:
    about = "public address"
    if answer.status_code == httpx.codes.NO_CONTENT:
        return Finding(about, f"answers what is signed with {key}")
    if answer.is_redirect:
        return Finding(about, "redirects", "Answer directly: a redirect loses the key that a caller pressed.")
    if is_refusal(answer):
        return Finding(
            about, f"refuses what is signed with {key}",
            "The running line has another [line] public_url or token: start it again, or correct them.",
        )  # fmt: skip
    return Finding(about, f"answers {answer.status_code}", "See what answers there: it is not the line.")


def _of_unsigned(answer: httpx.Response) -> Finding:
    about = "unsigned requests"
    if is_refusal(answer):
        return Finding(about, "get the constant refusal")
    if answer.status_code == httpx.codes.NO_CONTENT:
        return Finding(about, "are believed", "Stop this line at once: anyone can speak to it as Twilio.")
    to_do = "Let the line itself answer: any other answer leaves the caller's number in Twilio's alerts."
    return Finding(about, f"are answered with {answer.status_code}", to_do)


def is_refusal(answer: httpx.Response) -> bool:
    """Whether these are words and a hang-up and nothing else, as Twilio would perform them."""
    return verbs(answer)[-1:] == ["Hangup"] and set(verbs(answer)) <= {"Say", "Play", "Hangup"}


def verbs(answer: httpx.Response) -> list[str]:
    """The names of a document's verbs, in order; none where the answer is no TwiML."""
    root = document(answer)
    return [] if root is None else [verb.tag for verb in root]


def document(answer: httpx.Response) -> ElementTree.Element | None:
    """An answer as TwiML; None where it is none."""
    if answer.status_code != httpx.codes.OK or "xml" not in answer.headers.get("content-type", ""):
        return None
    try:
        root = ElementTree.fromstring(answer.content)  # noqa: S314 - from an address of our own
    except ElementTree.ParseError:
        return None
    return root if root.tag == "Response" else None
