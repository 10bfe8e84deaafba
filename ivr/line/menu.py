"""The telephone menu as a table: what each node says and where each key leads; knows no words and no TwiML.

Standard library and our vocabulary only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from shared.domain.forces import REGIONS, forces_in
from shared.domain.signposts import SIGNPOSTS
from shared.domain.vocabulary import Category, ClosedWords, Language, Mode

WELCOME = "welcome"
CATEGORY = "category"
COMPLAINT = "complaint"
REGION = "region"
QUEUE = "queue"
QUEUE_AGAIN = "queue_again"
QUEUE_HANDED_ON = "queue_handed_on"
LEFT = "left"
GOODBYE = "goodbye"
NOT_TAKEN = "not_taken"
WELSH_WAIT = "welsh_wait"
QUEUE_FOR_WELSH = "queue_for_welsh"
QUEUE_FOR_ANYONE = "queue_for_anyone"
NOBODY_ON_DUTY = "nobody_on_duty"
OVERFLOW = "overflow"
CLOSED: Mapping[ClosedWords, str] = MappingProxyType(
    {ClosedWords.CLOSED: "closed", ClosedWords.TROUBLE: "closed_trouble", ClosedWords.NOBODY: "closed_nobody"}
)
FLOOD = "flood"
# Where a call begins: the others begin only where the line takes no calls.
ENTRANCES = (WELCOME, *CLOSED.values(), FLOOD)

HOURS = "hours"  # among the words of a node: when the line is open, which only the line knows

HEAR_AGAIN = "#"
LEAVE = "*"
PERSON = "0"
OTHER_LANGUAGE = {Language.EN: Language.CY, Language.CY: Language.EN}
HEARINGS = 3  # how often a node is spoken before the caller goes to a person


def force_node(region: str) -> str:
    """The id of the node that asks for a force of this region."""
    return f"force_{region.replace('-', '_')}"


@dataclass(frozen=True, slots=True)
class Choice:
    """What one key does: where it leads and what it sets. None leaves that part of the place as it is."""

    then: str
    switch_language: bool = False
    mode: Mode | None = None
    category: Category | None = None
    region: str | None = None
    force: str | None = None
    unable_to_speak: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Menu:
    """A node that speaks and listens for one key. It equals only itself, so that what it says can be kept by it.

    `say`, then each key of `listing` with its name, then `closing`, are prompt ids of voice_prompts/.
    After `wait` seconds of silence the caller goes to the node `silence`. HEAR_AGAIN works at every menu.
    """

    say: tuple[str, ...]
    keys: Mapping[str, Choice]
    listing: Mapping[str, str] = field(default_factory=dict)
    closing: tuple[str, ...] = ()
    silence: str = QUEUE
    wait: int = 10


@dataclass(frozen=True, slots=True)
class Queue:
    """A node where the caller waits for a person. `greeting` comes before what was chosen; `brief`: in its place.

    The caller leaves it for `answered` when the conversation is over, for `lost` when the handler's line dropped, for
    `handed_on` when the handler gave them to somebody else, for `failed` when the call could not be queued, for
    `unattended` when nobody is on duty, for `too_long` after the longest wait. One who waits for a Welsh speaker is
    asked at `asks` after a time; where that is "", not.
    `anyone`: whoever is free, whatever language the caller chose.
    """

    greeting: tuple[str, ...]
    keys: Mapping[str, Choice]
    brief: bool = False
    anyone: bool = False
    answered: str = GOODBYE
    lost: str = QUEUE_AGAIN
    handed_on: str = QUEUE_HANDED_ON
    failed: str = NOT_TAKEN
    unattended: str = NOBODY_ON_DUTY
    too_long: str = OVERFLOW
    asks: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """A node that says its last words and hangs up. `in_every_language`: to callers who have not chosen one yet."""

    say: tuple[str, ...]
    in_every_language: bool = False


Node = Menu | Queue | End
Nodes = Mapping[str, Node]

ALWAYS = {PERSON: Choice(QUEUE), LEAVE: Choice(LEFT)}

CATEGORY_KEYS = {
    "1": Choice(REGION, category=Category.INFORMATION_FOR_REWARD),
    "2": Choice(REGION, category=Category.PERSONAL_ADVANTAGE),
    "3": Choice(REGION, category=Category.SEXUAL_BOUNDARY),
    "4": Choice(REGION, category=Category.PARTNER_ABUSE),
    "5": Choice(REGION, category=Category.DISCRIMINATORY_CONDUCT),
    "6": Choice(COMPLAINT, category=Category.OTHER),
}


def nodes(welsh_reviewed: bool) -> Nodes:
    """The whole menu. Until the Welsh words are reviewed, key 2 leads straight to a Welsh speaker."""
    return MappingProxyType(
        {
            WELCOME: _welcome(welsh_reviewed),
            CATEGORY: Menu(
                say=("category_ask",),
                listing={key: f"category.{choice.category}" for key, choice in CATEGORY_KEYS.items()},
                keys={**CATEGORY_KEYS, **ALWAYS},
            ),
            COMPLAINT: Menu(say=(*(f"signpost_{post.id}" for post in SIGNPOSTS), "for_a_person"), keys=ALWAYS),
            REGION: _regions(),
            **{force_node(region): _forces(region) for region in REGIONS},
            QUEUE: Queue(greeting=(), keys=_waiting_keys(QUEUE), asks=WELSH_WAIT),
            QUEUE_AGAIN: Queue(greeting=("handler_lost",), keys=_waiting_keys(QUEUE_AGAIN), asks=WELSH_WAIT),
            QUEUE_HANDED_ON: Queue(greeting=("handed_on",), keys=_waiting_keys(QUEUE_HANDED_ON), asks=WELSH_WAIT),
            **_welsh_wait(),
            **_ends(),
        }
    )


def _welsh_wait() -> Nodes:
    """The question to someone who has waited long for a Welsh speaker, asked in the queue, and where it leads."""
    on, anyone = QUEUE_FOR_WELSH, QUEUE_FOR_ANYONE
    return {
        WELSH_WAIT: Menu(
            say=("welsh_wait_ask",),
            keys={
                "1": Choice(on),
                "2": Choice(anyone, switch_language=True),
                LEAVE: Choice(LEFT),
                PERSON: Choice(anyone),
            },
            silence=anyone,
        ),
        on: Queue(greeting=("welsh_wait_goes_on",), keys=_waiting_keys(on), brief=True),
        anyone: Queue(greeting=("nearest_person",), keys=_waiting_keys(anyone), brief=True, anyone=True),
    }


def _ends() -> Nodes:
    return {
        LEFT: End(say=("leaving",)),
        GOODBYE: End(say=("goodbye",)),
        NOT_TAKEN: End(say=("fault", "other_ways")),
        NOBODY_ON_DUTY: End(say=("nobody_on_duty", HOURS, "danger", "online_route")),
        OVERFLOW: End(say=("overflow", HOURS, "danger", "online_route")),
        **{node: End((node, HOURS, "danger", "online_route"), in_every_language=True) for node in CLOSED.values()},
        FLOOD: End(say=("flood", "other_ways"), in_every_language=True),
    }


def _welcome(welsh_reviewed: bool) -> Menu:
    return Menu(
        say=("language_key", "who", "danger", "privacy", "choice"),
        keys={
            "1": Choice(CATEGORY, mode=Mode.ANONYMOUS),
            "2": Choice(WELCOME if welsh_reviewed else QUEUE, switch_language=True),
            "3": Choice(CATEGORY, mode=Mode.CONFIDENTIAL),
            "5": Choice(QUEUE, unable_to_speak=True),
            **ALWAYS,
        },
        wait=7,  # with the words, at most 60 seconds until a silent caller is in the queue
    )


def _regions() -> Menu:
    return Menu(
        say=("region_ask",),
        listing={region.key: f"region.{region.id}" for region in REGIONS.values()},
        closing=("not_listed",),
        keys={
            **{r.key: Choice(force_node(r.id), region=r.id, force="") for r in REGIONS.values()},
            **ALWAYS,
        },
    )


def _forces(region: str) -> Menu:
    return Menu(
        say=("force_ask",),
        listing={force.key: f"force.{force.id}" for force in forces_in(region)},
        closing=("not_listed",),
        keys={**{force.key: Choice(QUEUE, force=force.id) for force in forces_in(region)}, **ALWAYS},
    )


def _waiting_keys(queue: str) -> Mapping[str, Choice]:
    """Any other key, 0 among them, goes on waiting: nobody loses their turn by pressing something."""
    return {
        LEAVE: Choice(LEFT),
        HEAR_AGAIN: Choice(queue),
        "5": Choice(queue, unable_to_speak=True),
    }


NODE_IDS: frozenset[str] = frozenset(nodes(welsh_reviewed=True))
