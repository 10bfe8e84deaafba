"""Those on their way in, in words: what they wait for, and the words of their keys as this computer works them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from console.dates import day_and_time
from console.translation import tr
from shared.people_messages import NewcomerCard
from shared.sealing.canonical import NotCanonical, from_base64url
from shared.sealing.enrolling import person_words
from shared.sealing.errors import KeyMalformed
from shared.sealing.keys import ReaderPublicKey
from shared.sealing.verify_key import VerifyKey
from shared.sealing.words import lines_of_four

NO_KEYS: Final = tr("No first sign-in yet, so there are no keys to confirm. The words given are good until {until}.")
LONDON: Final = ZoneInfo("Europe/London")
NOT_KEYS: Final = tr("These are not keys. Turn them away, and make the account anew.")
LISTEN: Final = tr("Have {name} read out their words from their own screen. They must be just these:")
ENOUGH: Final = tr("Two have heard them. 'candour person confirm' takes {name} in, with a supervisor and the root key.")
HEARD: Final = tr("Heard by {names}.")


@dataclass(frozen=True, slots=True)
class GivenWords:
    """Words for a first sign-in, four to a line, to be passed on by whoever made them. They are shown once."""

    name: str
    words: tuple[str, ...] = field(repr=False)
    until: str


@dataclass(frozen=True, slots=True)
class NewcomerRow:
    """Somebody on their way in, as they are shown. `words` are the keys', four to a line."""

    id: str
    name: str
    notes: tuple[str, ...]
    words: tuple[str, ...]
    may_vouch: bool
    may_have_words: bool = False  # for a first sign-in, anew


def newcomer_row(one: NewcomerCard, roles: str, names: Mapping[str, str]) -> NewcomerRow:
    """`names`: of everyone, by id. Never the service's word for words: they are made from the keys it was sent."""
    name = one.facts.name
    if one.reader is None or one.verify is None:
        until = NO_KEYS.format(until=day_and_time(one.words_until.astimezone(LONDON)))
        return NewcomerRow(one.id, name, (roles, until), (), may_vouch=False, may_have_words=True)
    try:
        reader = ReaderPublicKey(from_base64url(one.reader))
        words = lines_of_four(person_words(one.id, reader, VerifyKey(from_base64url(one.verify))))
    except (NotCanonical, KeyMalformed):
        return NewcomerRow(one.id, name, (roles, NOT_KEYS), (), False)
    heard = ", ".join(names.get(person_id, tr("somebody")) for person_id in one.vouched_by)
    notes = [roles, *([HEARD.format(names=heard)] if heard else [])]
    notes.append((ENOUGH if len(one.vouched_by) > 1 else LISTEN).format(name=name))
    return NewcomerRow(one.id, name, tuple(notes), words, not one.mine)
