"""Ways in which a document may be changed by chance or on purpose."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from shared.sealing.canonical import canonical_json, from_base64url, to_base64url

MUTATIONS = 1_000  # of one document, where nothing else is said


def flipped(raw: bytes, chance: random.Random) -> bytes:
    """Like ``raw`` but for one bit, one piece taken out, put in or doubled."""
    at = chance.randrange(len(raw))
    piece = chance.randrange(1, 40)
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: raw[:at] + bytes([raw[at] ^ (1 << chance.randrange(8))]) + raw[at + 1 :],
        lambda: raw[:at] + raw[at + piece :],
        lambda: raw[:at] + chance.randbytes(piece) + raw[at:],
        lambda: raw[:at] + raw[at : at + piece] + raw[at:],
        lambda: raw[:at],
    )
    return chance.choice(ways)()


def with_one_part_changed(written: bytes, chance: random.Random) -> bytes:
    """A well-formed document in which one decoded part is changed: nothing but cryptography stands in the way."""
    document: dict[str, Any] = json.loads(written)
    part = chance.choice(["header", "ciphertext", "signature", "signer", "wraps", "key id"])
    raw = from_base64url(document["header"])
    match part:
        case "header":
            fields = json.loads(raw)
            name = chance.choice(["id", "unit", "form", "form_version"])
            changed = {"id": chance.randbytes(16).hex(), "unit": "essex-psd", "form": "other", "form_version": 2}
            document["header"] = to_base64url(canonical_json(fields | {name: changed[name]}))
        case "ciphertext" | "signature":
            document[part] = to_base64url(bit_flipped(from_base64url(document[part]), chance))
        case "signer":
            document["signer"] = chance.randbytes(16).hex()
        case "wraps":
            ((key_id, wrap),) = document["wraps"].items()
            document["wraps"] = {key_id: to_base64url(bit_flipped(from_base64url(wrap), chance))}
        case "key id":
            ((_, wrap),) = document["wraps"].items()
            document["wraps"] = {chance.randbytes(16).hex(): wrap}
    return canonical_json(document)


def bit_flipped(raw: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ (1 << chance.randrange(8))]) + raw[at + 1 :]


def mutants(
    written: bytes, seed: str, ways: Callable[[bytes, random.Random], bytes], count: int = MUTATIONS
) -> Iterator[bytes]:
    chance = random.Random(seed)
    made = 0
    while made < count:
        mutant = ways(written, chance)
        if mutant != written:
            made += 1
            yield mutant
