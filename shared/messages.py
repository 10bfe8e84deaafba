"""What the desk and the console say to each other, over HTTPS as JSON and over the event stream.

Strict both ways: an unknown field is refused. Bytes travel as unpadded base64url text. No message has a place for a
caller's number, and what is sealed of a report travels only in an `envelope`.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, StrictBool, StringConstraints

from shared.domain.vocabulary import (
    CallState,
    Category,
    Circle,
    DeliveryState,
    Disposition,
    EndedBy,
    Lane,
    Language,
    Mode,
    PartyKind,
    PartyState,
    PresenceBecause,
    PresenceState,
    RejectReason,
    ReportState,
    ReviewAskKind,
    Role,
)

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
# PostgreSQL has no character 0, and would take a name with one for a fault of ours.
SignInName = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00]+$")]
SlugText = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.:-]{0,63}$")]
Base64Url = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]*$", max_length=4_000)]
# A whole envelope file (shared/sealing/envelope_file.py), and a whole signed directory.
EnvelopeText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]*$", max_length=500_000)]
DirectoryText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]*$", max_length=6_000_000)]


class Message(BaseModel):
    """A frozen message; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# --- signing in -----------------------------------------------------------------------------------------------------


class WhoSignsIn(Message):
    name: SignInName


class PassphraseParameters(Message):
    """Argon2id's salt and cost for this person (for unknown names: made up, always the same)."""

    salt: Base64Url
    memory_kib: int
    iterations: int
    lanes: int
    second_factor: StrictBool = False  # whether this desk asks everyone for a code


class SignIn(Message):
    """`code` is the authenticator's, "" where none is asked for or none is set up yet."""

    name: SignInName
    authentication_key: Base64Url
    code: Annotated[str, StringConstraints(pattern=r"^([0-9]{6})?$")] = ""


class PersonCard(Message):
    id: Id
    name: str
    roles: tuple[Role, ...]
    languages: tuple[Language, ...]


class RoleWrap(Message):
    """A role's private key, wrapped to this person."""

    role: SlugText
    version: int
    wrap: Base64Url


class SignedIn(Message):
    """What a person gets for the right key: everything the console needs, none of it readable by the service."""

    token: str
    token_until: AwareDatetime  # renewed well before then
    expires_at: AwareDatetime
    person: PersonCard
    private_bundle: Base64Url
    role_wraps: tuple[RoleWrap, ...]
    directory: DirectoryText
    suspended: tuple[Id, ...] = ()  # ids of keys that nothing is sealed for, whatever the directory says


class SignedDirectory(Message):
    """The newest directory of public keys, as the offline root signed it, and the keys suspended since."""

    directory: DirectoryText
    suspended: tuple[Id, ...] = ()


# --- the board: what one person may see right now ------------------------------------------------------------------


class Me(Message):
    """How one stands, and why; `reason` of a break is one of the configured list."""

    presence: PresenceState
    since: AwareDatetime
    because: PresenceBecause = PresenceBecause.SAID
    reason: SlugText | None = None
    answer_seconds: int = 20


class WaitingCall(Message):
    """A call in the queue, with what may be shown of it before it is answered."""

    id: Id
    waiting_since: AwareDatetime
    language: Language
    unable_to_speak: bool
    offered_to_me: bool
    offered_until: AwareDatetime | None
    handed: StrictBool = False  # a supervisor gave it to this person


class PartyCard(Message):
    """Somebody brought into a call. `name` is the colleague's, or the configured list's."""

    id: Id
    kind: PartyKind
    person_id: Id | None
    name: str
    state: PartyState
    takes_calls: StrictBool  # so that the call can be handed over to them


class CallInHand(Message):
    """The call this person took. Choices appear once the conversation has begun."""

    id: Id
    state: CallState
    waiting_since: AwareDatetime
    answered_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    ended_by: EndedBy
    language: Language
    unable_to_speak: bool
    mode: Mode | None
    category: Category | None
    force_id: str | None
    draft_id: Id | None
    handset_muted: StrictBool = False
    help_asked: StrictBool = False
    training: StrictBool = False
    wrap_up_until: AwareDatetime | None = None
    parties: tuple[PartyCard, ...] = ()


class AskedCall(Message):
    """A colleague's call that this person is asked into."""

    id: Id
    party_id: Id
    by: str
    state: PartyState
    language: Language
    unable_to_speak: bool


class FiledCall(Message):
    """A call of one's own whose outcome can be taken back until then."""

    id: Id
    disposition: Disposition
    until: AwareDatetime


class ColleagueToAsk(Message):
    """Somebody who can come to the telephone now."""

    id: Id
    name: str
    supervisor: StrictBool


class Listed(Message):
    """An entry of a list that the service keeps: a reason for a break, a telephone outside."""

    id: SlugText
    words: str


class Colleague(Message):
    """A signed-in person, as supervisors see them. `asks_help`: the call that they want help with."""

    id: Id
    name: str
    presence: PresenceState
    since: AwareDatetime
    languages: tuple[Language, ...] = ()
    asks_help: Id | None = None


class ReviewAskCard(Message):
    """What waits for a second supervisor; `by` is the name of who asked."""

    kind: ReviewAskKind
    mine: StrictBool
    by: str
    asked_on: date
    until: date | None
    reason: RejectReason | None


class ReportCard(Message):
    """What the service knows of an open report. Content is sealed."""

    id: Id
    state: ReportState
    revision: Id
    mine: bool
    force_id: str | None
    unit_id: str | None
    lane: Lane
    mode: Mode
    category: Category
    language: Language
    form: SlugText
    circle: Circle
    conflict: bool
    contact_waits: StrictBool = False  # the author's console has to seal the contact details for `unit_id` too
    started_on: date
    submitted_on: date | None
    released_on: date | None
    delivery: DeliveryState | None
    held_on: date | None = None
    held_until: date | None = None
    rejected_because: RejectReason | None = None
    ask: ReviewAskCard | None = None
    readers: tuple[str, ...] = ()  # colleagues who have it open for review, by name


class Board(Message):
    """All of it. Sections are lists keyed by id, but for `me`, `my_call` and `asked`."""

    me: Me
    my_call: CallInHand | None
    waiting: tuple[WaitingCall, ...]
    colleagues: tuple[Colleague, ...]
    reports: tuple[ReportCard, ...]
    asked: AskedCall | None = None
    filed: tuple[FiledCall, ...] = ()
    to_ask: tuple[ColleagueToAsk, ...] = ()  # while in a conversation


class Snapshot(Message):
    """The first event of a stream, and the answer to any gap; with it the lists that do not change while it lasts."""

    revision: int
    now: AwareDatetime
    board: Board
    breaks: tuple[Listed, ...] = ()
    outside: tuple[Listed, ...] = ()


class Change(Message):
    """What changed since `revision - 1`. An absent section did not change; `removed` names ids gone from a section."""

    revision: int
    me: Me | None = None
    my_call: CallInHand | None = None
    my_call_gone: bool = False
    asked: AskedCall | None = None
    asked_gone: bool = False
    filed: tuple[FiledCall, ...] | None = None  # all of them
    to_ask: tuple[ColleagueToAsk, ...] | None = None  # all of them
    waiting: tuple[WaitingCall, ...] = ()
    colleagues: tuple[Colleague, ...] = ()
    reports: tuple[ReportCard, ...] = ()
    removed: dict[Literal["waiting", "colleagues", "reports"], tuple[Id, ...]] = {}


# --- actions --------------------------------------------------------------------------------------------------------


class SetPresence(Message):
    state: Literal[PresenceState.AVAILABLE, PresenceState.BREAK, PresenceState.OFFLINE]
    reason: SlugText | None = None


class CorrectChoices(Message):
    """What the caller chose, as put right in conversation."""

    mode: Mode
    category: Category
    force_id: SlugText | None


class WrapUp(Message):
    """What the call came to, and what one does then. `signposted_to`: a signpost's id."""

    disposition: Disposition
    then: Literal[PresenceState.AVAILABLE, PresenceState.BREAK] = PresenceState.AVAILABLE
    signposted_to: SlugText | None = None


class ReportFacts(Message):
    """What the service may know of a report; the rest is sealed. `form` is a form's name, like `report.v1`."""

    force_id: SlugText | None
    mode: Mode
    category: Category
    language: Language
    form: SlugText
    circle: Circle
    conflict: StrictBool
    agreed: StrictBool = False  # the caller's own yes to sending; needed to submit
    urgent: StrictBool = False  # somebody is in danger: it goes at once
    # shared.sealing.flags.sign_flags over the submitted envelope's digest; needed to submit, ignored in drafts.
    flags_signature: Base64Url | None


class SaveReport(Message):
    """Save or submit a report. `revision` is the one last seen; None for a new draft.

    A draft's envelope has kind `draft` and two readers, the author and the supervisors; a submitted one has kind
    `review` and the supervisors alone. Neither is signed. `call_id` belongs to a new draft written during a call.
    `contact`, of kind `contact`, holds a confidential caller's details for the author alone, in a submitted report for
    the unit that serves the force too; without it, any details kept are deleted.
    """

    revision: Id | None
    facts: ReportFacts
    envelope: EnvelopeText
    contact: EnvelopeText | None = None
    call_id: Id | None = None


class SealedReport(Message):
    """A report for one reader. `author_id` is there for the supervisor who reviews it, to seal a return to, and so is
    `flags_signature`, its author's over this envelope, by which their console knows whose it is.

    `contact` holds a confidential caller's details: with the author's wrap, or for a supervisor with none.
    """

    card: ReportCard
    envelope: EnvelopeText
    contact: EnvelopeText | None = None
    author_id: Id | None = None
    flags_signature: Base64Url | None = None


class SealedContact(Message):
    """Contact details that wait for their author: given with the author's wrap, and sent back with the unit's too.

    `address` is given with them: the release key's word that they go to this unit (shared.sealing.contact_address).
    """

    envelope: EnvelopeText
    address: Base64Url | None = None


class Saved(Message):
    id: Id
    revision: Id


class Problem(Message):
    """Why something was not done: a code the console has words for, and a sentence."""

    code: SlugText
    sentence: str
