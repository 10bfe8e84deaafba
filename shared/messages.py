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
    PresenceState,
    ReportState,
    Role,
)

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
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
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]


class PassphraseParameters(Message):
    """Argon2id's salt and cost for this person (for unknown names: made up, always the same)."""

    salt: Base64Url
    memory_kib: int
    iterations: int
    lanes: int
    second_factor: StrictBool = False  # whether this desk asks everyone for a code


class SignIn(Message):
    """`code` is the authenticator's, "" where none is asked for or none is set up yet."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
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


class SignedDirectory(Message):
    """The newest directory of public keys, as the offline root signed it."""

    directory: DirectoryText


# --- the board: what one person may see right now ------------------------------------------------------------------


class Me(Message):
    presence: PresenceState
    since: AwareDatetime


class WaitingCall(Message):
    """A call in the queue, with what may be shown of it before it is answered."""

    id: Id
    waiting_since: AwareDatetime
    language: Language
    unable_to_speak: bool
    offered_to_me: bool
    offered_until: AwareDatetime | None


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


class Colleague(Message):
    """A signed-in person, as supervisors see them."""

    id: Id
    name: str
    presence: PresenceState
    since: AwareDatetime


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


class Board(Message):
    """All of it. Sections are lists keyed by id, but for `me` and `my_call`."""

    me: Me
    my_call: CallInHand | None
    waiting: tuple[WaitingCall, ...]
    colleagues: tuple[Colleague, ...]
    reports: tuple[ReportCard, ...]


class Snapshot(Message):
    """The first event of a stream, and the answer to any gap."""

    revision: int
    now: AwareDatetime
    board: Board


class Change(Message):
    """What changed since `revision - 1`. An absent section did not change; `removed` names ids gone from a section."""

    revision: int
    me: Me | None = None
    my_call: CallInHand | None = None
    my_call_gone: bool = False
    waiting: tuple[WaitingCall, ...] = ()
    colleagues: tuple[Colleague, ...] = ()
    reports: tuple[ReportCard, ...] = ()
    removed: dict[Literal["waiting", "colleagues", "reports"], tuple[Id, ...]] = {}


# --- actions --------------------------------------------------------------------------------------------------------


class SetPresence(Message):
    state: Literal[PresenceState.AVAILABLE, PresenceState.BREAK, PresenceState.OFFLINE]


class CorrectChoices(Message):
    """What the caller chose, as put right in conversation."""

    mode: Mode
    category: Category
    force_id: SlugText | None


class WrapUp(Message):
    disposition: Disposition


class ReportFacts(Message):
    """What the service may know of a report; the rest is sealed. `form` is a form's name, like `report.v1`."""

    force_id: SlugText | None
    mode: Mode
    category: Category
    language: Language
    form: SlugText
    circle: Circle
    conflict: StrictBool
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


class ReturnReport(Message):
    """The envelope holds the report with the supervisor's remarks: kind `draft`, for the author and the supervisors."""

    revision: Id
    envelope: EnvelopeText


class ReleaseReport(Message):
    """The envelope is new, of kind `report`, sealed to the unit and the supervisors, signed with the release key.

    `reworded` says that the releasing supervisor has put the report in other words; a circle of one or two needs it.
    `contact_signature` is the release key's over the contact details, which the supervisor cannot open.
    """

    revision: Id
    unit_id: SlugText
    envelope: EnvelopeText
    reworded: StrictBool = False
    contact_signature: Base64Url | None = None


class SealedReport(Message):
    """A report for one reader. `author_id` is there for the supervisor who reviews it, to seal a return to.

    `contact` holds a confidential caller's details: with the author's wrap, or for a supervisor with none.
    """

    card: ReportCard
    envelope: EnvelopeText
    contact: EnvelopeText | None = None
    author_id: Id | None = None


class SealedContact(Message):
    """Contact details that wait for their author: given with the author's wrap, and sent back with the unit's too."""

    envelope: EnvelopeText


class Saved(Message):
    id: Id
    revision: Id


class Problem(Message):
    """Why something was not done: a code the console has words for, and a sentence."""

    code: SlugText
    sentence: str
