"""What the desk and the console say to each other of people: second factors, sessions, particulars, the audit log.

Strict as `messages` is. A `handset` is a colleague's own telephone; nothing here has a place for a caller's number.
"""

from datetime import date
from typing import Annotated, Final, Self

from pydantic import AwareDatetime, Field, StrictBool, StringConstraints, model_validator

from shared.domain.vocabulary import Language, ProposalKind, Role
from shared.messages import Base64Url, Id, Message, SlugText

MAX_NAME: Final = 80  # characters

Handset = Annotated[
    str,
    StringConstraints(
        pattern=r"^(\+[1-9][0-9]{6,14}|sip:[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9.-]{1,80}(:[0-9]{1,5})?)$", max_length=120
    ),
]

# --- one's own second factor, sessions and passphrase ---------------------------------------------------------------


class SecondFactorSecret(Message):
    """A new second factor, told once: the secret in base32, and the same as an otpauth address to draw."""

    secret: Annotated[str, StringConstraints(pattern=r"^[A-Z2-7]{32}$")]
    address: Annotated[str, StringConstraints(pattern=r"^otpauth://totp/", max_length=1_000)]


class NewToken(Message):
    """Another token for the same session, taken until then; and the keys that are suspended now."""

    token: str
    token_until: AwareDatetime
    suspended: tuple[Id, ...] = ()


class SessionCard(Message):
    """One of one's own sessions; `this` is the one that asks."""

    id: Id
    begun_at: AwareDatetime
    seen_at: AwareDatetime
    this: bool


class PersonName(Message):
    id: Id
    name: str


class Names(Message):
    """Everyone's name by id: the signed directory has ids alone."""

    names: tuple[PersonName, ...]


class OwnSessions(Message):
    sessions: tuple[SessionCard, ...]


class ChangePassphrase(Message):
    """One's own: the key of the passphrase in use, and all that a new one makes. No passphrase and no key travels."""

    authentication_key: Base64Url
    salt: Base64Url
    memory_kib: int
    iterations: int
    lanes: int
    new_authentication_key: Base64Url
    private_bundle: Base64Url


# --- people and the audit log, for administrators and auditors ------------------------------------------------------


class PersonFacts(Message):
    """What administrators may change about a person. `handset` is E.164 or a SIP address."""

    name: Annotated[
        str,
        # On one line, and nothing that could move or hide what stands beside it where keys are compared in words.
        StringConstraints(
            min_length=1, max_length=MAX_NAME, strip_whitespace=True, pattern=r"^[^\p{C}\p{Z}][^\p{C}\p{Zl}\p{Zp}]*$"
        ),
    ]
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    handset: Handset | None = None
    handset_trusted: StrictBool = False


class MemberCard(Message):
    """A person as administrators see them."""

    id: Id
    facts: PersonFacts
    active: bool
    second_factor: bool
    locked: bool
    shares_handset: bool


class Propose(Message):
    """`facts` belong to a change and to nothing else."""

    kind: ProposalKind
    facts: PersonFacts | None = None

    @model_validator(mode="after")
    def _says_what_to_change(self) -> Self:
        if (self.kind is ProposalKind.CHANGE) != (self.facts is not None):
            raise ValueError("facts belong to a change")
        return self


class ProposalCard(Message):
    """Something that waits for a second administrator. `may_confirm` and `may_withdraw`: for whoever asks."""

    id: Id
    kind: ProposalKind
    person_id: Id
    proposed_by: Id
    proposed_on: date
    facts: PersonFacts | None
    may_confirm: bool
    may_withdraw: bool


class NewcomerCard(Message):
    """Somebody on their way in, as administrators see them. `reader` and `verify` are None until the keys are made."""

    id: Id
    facts: PersonFacts
    words_until: AwareDatetime
    reader: Base64Url | None
    verify: Base64Url | None
    vouched_by: tuple[Id, ...]
    mine: StrictBool  # whether whoever is asking has vouched for these keys


class InviteNewcomer(Message):
    """An account for somebody new. The words that prove it is theirs were made by whoever asks and never travel:
    `stored` is what the service keeps of them, 32 bytes that let nobody in.
    """

    facts: PersonFacts
    stored: Base64Url


class RenewWords(Message):
    """Other words for somebody who has made no keys with theirs; as `InviteNewcomer` says."""

    stored: Base64Url


class Invited(Message):
    """Until when the words are good."""

    words_until: AwareDatetime


class People(Message):
    """Everyone, by name, what is proposed about whom, and who is on their way in."""

    people: tuple[MemberCard, ...]
    proposals: tuple[ProposalCard, ...]
    newcomers: tuple[NewcomerCard, ...] = ()


class AuditLine(Message):
    """One entry; within a day entries have no order. `actor` and `object` are names where the id is a person's."""

    actor: str
    verb: SlugText
    object: str
    outcome: SlugText


class AuditDay(Message):
    """A London day's page, with its digest in hex to compare with a copy kept elsewhere."""

    day: date
    digest: str
    entries: tuple[AuditLine, ...]


class AuditPages(Message):
    """A month of pages, the newest first. `whole`: every digest agrees; `earlier`: there are pages before these."""

    days: tuple[AuditDay, ...]
    whole: bool
    earlier: StrictBool = False


class AuditBefore(Message):
    """The pages of the days before this one."""

    day: date
