"""Looks for a telephone number in files, in the forms it would most likely be left in. The canary looks much harder."""

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path

SHORTEST = 6  # fewer characters occur by chance


def forms_of(number: str) -> set[bytes]:
    """An E.164 number of the United Kingdom in every form looked for."""
    significant = number.removeprefix("+44")
    spellings = {number, number[1:], f"0{significant}", f"0044{significant}", significant[-8:], significant}
    forms: set[bytes] = set()
    for spelling in spellings:
        plain = spelling.encode()
        forms |= {plain, plain.hex().encode(), plain.hex().upper().encode(), spelling.encode("utf-16-le")}
        forms |= {spelling.replace("+", "%2B").encode(), plain[::-1]}
        forms |= {_inside_base64(plain, offset) for offset in range(3)}
        for algorithm in ("md5", "sha1", "sha256", "sha512"):
            digest = hashlib.new(algorithm, plain)
            forms |= {digest.digest(), digest.hexdigest().encode(), base64.b64encode(digest.digest())}
    grouped = f"{significant[:2]} {significant[2:6]} {significant[6:]}"
    forms |= {grouped.encode(), grouped.replace(" ", "-").encode()}
    return {form for form in forms if len(form) >= SHORTEST}


def _inside_base64(plain: bytes, offset: int) -> bytes:
    """The characters of base64 that depend on `plain` alone, wherever in a text it begins."""
    encoded = base64.b64encode(b"\0" * offset + plain)
    return encoded[(offset * 8 + 5) // 6 : len(encoded) - 4]


def traces_of(number: str, files: Iterable[Path]) -> list[str]:
    """The name of every file that holds the number, in its name or its content, and the form it was found in."""
    found = []
    for path in sorted(files):
        content = path.read_bytes() + path.name.encode()
        found += [f"{path.name} ({form!r})" for form in sorted(forms_of(number)) if form in content]
    return found
