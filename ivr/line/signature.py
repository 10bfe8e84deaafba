"""Tells Twilio's requests from others by their signature; knows no parameter's meaning.

Rule: Twilio's documentation, "Webhooks security": base64(HMAC-SHA1(auth token, URL + each POST name and value, sorted
by name)). Values follow each other without separators, so a request with a doubled parameter is not accepted.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit


def signature(auth_token: str, url: str, sent: Mapping[str, str]) -> str:
    """The value of X-Twilio-Signature for a POST of these parameters to this URL, query included."""
    signed = url + "".join(name + sent[name] for name in sorted(sent))
    return base64.b64encode(hmac.new(auth_token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


@dataclass(frozen=True, slots=True)
class Signatures:
    """Checks against the configured address, never the request's: a proxy may have changed that.

    `auth_tokens` are the account's, two while one is being changed. None of them is ever shown.
    """

    public_url: str
    auth_tokens: tuple[str, ...] = field(repr=False)

    def right(self, given: str, path: str, query: str, sent: Mapping[str, str]) -> bool:
        """Whether `given` is Twilio's signature of this request."""
        theirs = given.encode()
        return any(
            hmac.compare_digest(signature(token, base + path + (f"?{query}" if query else ""), sent).encode(), theirs)
            for token in self.auth_tokens
            for base in _addresses(self.public_url)
        )


def _addresses(public_url: str) -> Iterable[str]:
    """Over HTTPS Twilio leaves the port out of what it signs, at times."""
    base = public_url.rstrip("/")
    yield base
    parts = urlsplit(base)
    if parts.scheme == "https" and parts.port is not None:
        yield base.replace(f":{parts.port}", "", 1)
