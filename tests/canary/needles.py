"""Every form in which a caller's number, or a call's id, might be found in something written; it searches nothing.

A needle is a string of bytes with words that say what it is. Whoever leaks a number rarely writes it as it was dialled:
it is grouped, escaped, encoded, hashed, or cut short.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import json
import random
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, quote_plus

Needles = dict[bytes, str]

# Ofcom's numbers for drama: area and exchange, each followed by 0 and three digits of ours. London's and the free-phone
# range are left out, for the line's own number and the handsets come from there.
DRAMA: Final = (
    ("113", "496"), ("114", "496"), ("115", "496"), ("116", "496"), ("117", "496"), ("118", "496"), ("121", "496"),
    ("131", "496"), ("141", "496"), ("151", "496"), ("161", "496"), ("191", "498"), ("29", "2018"),
)  # fmt: skip
SEPARATORS: Final = (" ", "-", ".", "/", "_", ",", ":", "\u00a0", "\u2011", "  ")
HASHES: Final = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s")
KEYED: Final = ("md5", "sha1", "sha256", "sha512")
SHORTEST: Final = 5  # bytes; a shorter string turns up in random bytes by chance


@dataclass(frozen=True, slots=True)
class Caller:
    """Who rings: a number of Ofcom's for drama, in its parts."""

    area: str
    exchange: str
    last: str  # four digits, the first of them 0

    @property
    def number(self) -> str:
        """E.164."""
        return f"+44{self.national}"

    @property
    def national(self) -> str:
        """The national significant number: without country code and without the 0."""
        return self.area + self.exchange + self.last


def random_caller(randomness: random.Random) -> Caller:
    """A caller whose last four digits begin with 0 and are no time zone's offset: no year, port or process is so."""
    area, exchange = randomness.choice(DRAMA)
    return Caller(area, exchange, f"0{randomness.randrange(200, 1000)}")


def number_needles(caller: Caller, secrets: Mapping[str, bytes]) -> Needles:
    """Every form of a caller's number; `secrets` are the installation's, by name, for keyed hashes."""
    found: Needles = {}
    plain = plain_spellings(caller)
    for spelling in (*plain, *grouped_spellings(caller)):
        _add(found, _encoded(spelling))
    for digits in (f"44{caller.national}", f"0044{caller.national}", f"0{caller.national}", caller.national):
        _add(found, _packed(digits))
    for spelling in (*plain, f"tel:{caller.number}", f"{caller.number}\n"):
        _add(found, _digests(spelling, secrets))
    beginning = caller.area + caller.exchange  # with country code: all but the last four digits
    _add(found, ((f"+44{beginning} and no more", f"44{beginning}".encode()), ("beginning", f"0{beginning}".encode())))
    return found


def short_needles(caller: Caller) -> Needles:
    """The last digits alone. They count only where no letter or digit stands beside them: see `search`.

    Five are left out: those could be the id of a process.
    """
    whole = caller.national
    return {whole[-length:].encode(): f"last {length} digits" for length in (4, 6, 7)}


def call_needles(sid: str, secrets: Mapping[str, bytes]) -> Needles:
    """Every form of an id of a call's: two letters and 32 hexadecimal digits, or the digits alone."""
    found: Needles = {}
    digits = sid[-32:]
    raw = bytes.fromhex(digits)
    dashed = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    for spelling in {sid, sid.upper(), sid.lower(), digits, digits.upper(), dashed, digits[:12], digits[-12:]}:
        _add(found, _encoded(spelling))
    _add(found, (("raw bytes", raw), ("raw bytes reversed", raw[::-1])))
    _add(found, ((f"raw bytes, {how}", text) for how, text in base64_forms(raw)))
    for spelling in (sid, digits):
        _add(found, _digests(spelling, secrets))
    return found


def plain_spellings(caller: Caller) -> tuple[str, ...]:
    """The number without separators."""
    national = caller.national
    return (f"+44{national}", f"44{national}", f"0044{national}", f"0{national}", national, f"+440{national}")


def grouped_spellings(caller: Caller) -> Iterator[str]:
    """The number as people and programs space it."""
    area, exchange, last = caller.area, caller.exchange, caller.last
    pairs = tuple(caller.national[at : at + 2] for at in range(0, len(caller.national), 2))
    for separator in SEPARATORS:
        for groups in ((area, exchange, last), (area, exchange + last), (area + exchange, last), pairs):
            rest = separator.join(groups)
            yield from (f"+44{separator}{rest}", f"44{separator}{rest}", f"0044{separator}{rest}", f"0{rest}", rest)
        local = separator.join((exchange, last))
        yield from (f"(0{area}){separator}{local}", f"(0{area}) {local}", f"+44 (0){area}{separator}{local}")
        yield from (
            f"+44(0){area}{separator}{local}",
            f"[44]{area}{separator}{local}",
            f"(+44){area}{separator}{local}",
        )


# --- encodings --------------------------------------------------------------------------------------------------------

Encoded = Iterable[tuple[str, bytes]]


def _encoded(text: str) -> Iterator[tuple[str, bytes]]:
    plain = text.encode()
    for how, encode in _AS_TEXT:
        yield f"{text!r} {how}", encode(text).encode()
    for codec in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        yield f"{text!r} {codec}", text.encode(codec)
    yield f"{text!r} hex", plain.hex().encode()
    yield f"{text!r} HEX", plain.hex().upper().encode()
    yield f"{text!r} spaced hex", plain.hex(" ").encode()
    yield f"{text!r} hex with colons", plain.hex(":").encode()
    yield f"{text!r} hex of utf-16", text.encode("utf-16-le").hex().encode()
    yield f"{text!r} base32", base64.b32encode(plain).rstrip(b"=")[:-1]
    for how, encoded in base64_forms(plain):
        yield f"{text!r} {how}", encoded


_AS_TEXT: Final[Sequence[tuple[str, Callable[[str], str]]]] = (
    ("plain", lambda text: text),
    ("URL-escaped", lambda text: quote(text, safe="")),
    ("form-escaped", quote_plus),
    ("URL-escaped twice", lambda text: quote(quote(text, safe=""), safe="")),
    ("every byte URL-escaped", lambda text: "".join(f"%{byte:02X}" for byte in text.encode())),
    ("XML-escaped", lambda text: html.escape(text).replace("+", "&#43;")),
    ("XML character references", lambda text: "".join(f"&#{ord(letter)};" for letter in text)),
    ("JSON-escaped", lambda text: json.dumps(text)[1:-1].replace("/", "\\/")),
    ("JSON code points", lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text)),
    ("reversed", lambda text: text[::-1]),
)


def base64_forms(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Base64 as it looks at each of three offsets in something longer, without the characters that others share."""
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + raw)
        certain = whole[(offset * 8 + 5) // 6 : (offset + len(raw)) * 8 // 6]
        yield f"base64 at offset {offset}", certain
        yield f"url-safe base64 at offset {offset}", certain.replace(b"+", b"-").replace(b"/", b"_")


def _packed(digits: str) -> Iterator[tuple[str, bytes]]:
    """Digits as numbers: binary-coded decimal in both orders of nibbles, integers, floating point."""
    for filler in ("f", "0"):
        even = digits if len(digits) % 2 == 0 else digits + filler
        yield f"{digits} BCD, filled with {filler}", bytes.fromhex(even)
        yield f"{digits} swapped BCD", bytes.fromhex("".join(even[at + 1] + even[at] for at in range(0, len(even), 2)))
    yield f"{digits} BCD, 0 before", bytes.fromhex(digits.zfill(len(digits) + len(digits) % 2))
    number = int(digits)
    size = max(SHORTEST, (number.bit_length() + 7) // 8)
    yield f"{digits} big-endian", number.to_bytes(size, "big")
    yield f"{digits} little-endian", number.to_bytes(size, "little")
    yield f"{digits} hexadecimal", f"{number:x}".encode()
    yield f"{digits} HEXADECIMAL", f"{number:X}".encode()
    yield f"{digits} octal", f"{number:o}".encode()
    yield f"{digits} with thousands", f"{number:,}".encode()
    yield f"{digits} big-endian double", struct.pack(">d", float(number))[:7]
    yield f"{digits} little-endian double", struct.pack("<d", float(number))[1:]


def _digests(text: str, secrets: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name in HASHES:
        yield from _as_written(f"{name} of {text!r}", hashlib.new(name, text.encode()).digest())
    for owner, secret in secrets.items():
        for name in KEYED:
            made = hmac.digest(secret, text.encode(), name)
            yield from _as_written(f"HMAC-{name} of {text!r} under {owner}", made)


def _as_written(what: str, digest: bytes) -> Encoded:
    """The beginning of a digest as it may be written, so that one cut short is found as well."""
    return (
        (f"{what}, raw", digest[:8]),
        (f"{what}, hex", digest.hex()[:14].encode()),
        (f"{what}, HEX", digest.hex()[:14].upper().encode()),
        (f"{what}, base64", base64.b64encode(digest)[:12]),
        (f"{what}, url-safe base64", base64.urlsafe_b64encode(digest)[:12]),
    )


def signature_needles(signature: str) -> Needles:
    """A request's signature: a keyed hash of everything in the request, the number included."""
    raw = base64.b64decode(signature)
    return {form: f"signature of a request, {how}" for how, form in _as_written("", raw)}


def _add(found: Needles, needles: Encoded) -> None:
    for what, needle in needles:
        if len(needle) >= SHORTEST:
            found.setdefault(needle, what)
