"""Every section and key of the configuration, with its meaning, its form and its default; it reads no file."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    Field,
    PlainValidator,
    SecretStr,
    ValidationInfo,
    model_validator,
)

from shared.addresses import Address, AddressImpossible, database_url, public_url
from shared.delivery_settings import Outbox
from shared.domain.forces import FORCES
from shared.line_hours import LineHours
from shared.sections import FromConfig, Section, folder_of, impossible


def _address(written: object) -> Address:
    try:
        return written if isinstance(written, Address) else Address.from_text(str(written))
    except AddressImpossible as error:
        raise impossible(error.fact) from None


def _public_url(written: str) -> str:
    try:
        return public_url(written)
    except AddressImpossible as error:
        raise impossible(error.fact) from None


def _consoles_url(written: str) -> str:
    return _public_url(written) if written else ""


def _database(written: SecretStr, info: ValidationInfo) -> SecretStr:
    try:
        return SecretStr(database_url(written.get_secret_value(), folder_of(info)))
    except AddressImpossible as error:
        raise impossible(error.fact) from None


Listen = Annotated[Address, PlainValidator(_address)]
ListedId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.:-]{0,63}$")]
BreakWords = Annotated[str, Field(min_length=1, max_length=40)]
BREAKS = {"meal": "Meal", "meeting": "Meeting", "training": "Training", "talking-over": "Talking a call over"}


class Provider(StrEnum):
    """Who carries the telephone calls."""

    TWILIO = "twilio"
    SIMULATOR = "simulator"


class PromptAudio(StrEnum):
    """Which audio callers may hear; whatever has none is said by a voice of Twilio's."""

    RECORDINGS = "recordings"
    FILES = "files"


class Edge(StrEnum):
    """Where the part of the line is that sees callers' numbers, inside Twilio's requests."""

    APART = "apart"
    TOGETHER = "together"


class SecondFactor(StrEnum):
    """Whether signing in takes a code of the moment besides the passphrase."""

    REQUIRED = "required"
    OFF = "off"


class LogLevel(StrEnum):
    """The least serious event that is written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """One line for people, or one JSON object a line for machines."""

    TEXT = "text"
    JSON = "json"


class Line(Section):
    """The telephone line's web listener, spoken to by Twilio."""

    public_url: Annotated[str, AfterValidator(_public_url)] = Field(
        description="Address at which Twilio reaches the line, as https://host; plain http only on this machine."
    )
    listen: Listen = Field(
        default=Address("127.0.0.1", 8080), description="Host and port the line listens on, behind what ends TLS."
    )
    online_route: str = Field(
        default="crimestoppers-uk.org",
        min_length=3,
        max_length=120,
        pattern=r"^[^\x00-\x1f<>&{}]+$",
        description="Where callers are sent when the line cannot take a call; spoken as written.",
    )
    prompts: PromptAudio = Field(
        default=PromptAudio.RECORDINGS,
        description='Audio that callers hear: "recordings" of a person, or all "files", a machine\'s voice among them. '
        "The rest is said by Twilio.",
    )
    max_calls: int = Field(
        default=100, ge=1, le=4000, description="Calls in progress at once, 1 to 4000; beyond, callers are told so."
    )
    starts_per_minute: int = Field(
        default=60, ge=1, le=6000, description="Calls that may begin each minute for long, 1 to 6000."
    )
    burst: int = Field(default=60, ge=1, le=6000, description="Calls that may begin at once, after a calm, 1 to 6000.")
    longest_wait_minutes: int = Field(
        default=30, ge=5, le=240, description="After so long in the queue callers are told of the other ways, 5 to 240."
    )
    welsh_wait_minutes: int = Field(
        default=5,
        ge=1,
        le=240,
        description="After so long for a Welsh speaker callers are asked whether to go on, 1 to 240.",
    )
    hours: LineHours = Field(
        default_factory=LineHours,
        description="When the line is open, on London's clocks. A day with no hours is closed; those in progress are "
        "still answered.",
    )
    edge: Edge = Field(
        default=Edge.APART,
        description='What takes Twilio\'s requests: "apart", a process for each, which keeps nothing; "together", the '
        "line itself, for development alone: callers' numbers then stay in memory for a time.",
    )
    socket: FromConfig = Field(
        default=Path("line.socket"),
        validate_default=True,
        description="Local socket at which the edge asks the line; made as the line starts.",
    )

    @model_validator(mode="after")
    def _welsh_is_asked_in_time(self) -> Self:
        if self.welsh_wait_minutes >= self.longest_wait_minutes:
            raise impossible("welsh_wait_minutes: less than longest_wait_minutes")
        return self


class OutsideLine(Section):
    """A telephone outside that handlers may bring into a call."""

    name: str = Field(min_length=1, max_length=60, description="What handlers see.")
    telephone: str = Field(pattern=r"^\+[1-9][0-9]{6,14}$", description="Its number, as +44 and so on.")


class Desk(Section):
    """The desk's web listener, spoken to by the consoles."""

    listen: Listen = Field(default=Address("127.0.0.1", 8443), description="Host and port the desk listens on.")
    url: Annotated[str, AfterValidator(_consoles_url)] = Field(
        default="", description="Address the consoles use, as https://host:port; empty for where the desk listens."
    )
    certificate: FromConfig | None = Field(
        default=None, description="TLS certificate with its chain, PEM. Without one the desk listens on loopback only."
    )
    key: FromConfig | None = Field(default=None, description="Private key of the certificate, PEM (PKCS #8).")
    stream_cap: int = Field(
        default=64, ge=1, le=1000, description="Consoles that may follow the desk at once, 1 to 1000."
    )
    breaks: dict[ListedId, BreakWords] = Field(
        default_factory=lambda: dict(BREAKS), description="Reasons for a break that handlers can give, by id."
    )
    undo_seconds: int = Field(
        default=60, ge=0, le=60, description="How long the outcome of a call can be taken back, 0 to 60 seconds."
    )
    outside: dict[ListedId, OutsideLine] = Field(
        default_factory=dict, description="A table for each telephone outside that can be brought into a call, by id."
    )
    second_factor: SecondFactor = Field(
        default=SecondFactor.REQUIRED,
        description='Whether signing in takes an authenticator code: "required", or "off", with the simulator alone.',
    )
    second_factor_key: FromConfig = Field(
        default=Path("second-factor.key"),
        validate_default=True,
        description="File that people's second factors are kept under, made as the service starts. Keep a copy of it "
        "apart from the database's.",
    )

    @model_validator(mode="after")
    def _tls_where_needed(self) -> Self:
        if (self.certificate is None) != (self.key is None):
            raise impossible("certificate and key belong together: give both or neither")
        if self.certificate is None and not self.listen.is_loopback:
            raise impossible("listen: without certificate and key only an address on this machine, like 127.0.0.1:8443")
        for name, path in (("certificate", self.certificate), ("key", self.key)):
            if path is not None and not path.is_file():
                raise impossible(f"{name}: there is no such file")
        return self

    @property
    def service_url(self) -> str:
        """The address the consoles use."""
        return self.url or f"{'http' if self.certificate is None else 'https'}://{self.listen}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names the desk may be called by, ports aside."""
        named = urlsplit(self.service_url).hostname or ""
        return tuple(dict.fromkeys((f"[{named}]" if ":" in named else named, "127.0.0.1", "localhost", "[::1]")))


class Database(Section):
    """Where calls in progress and sealed reports are kept."""

    url: Annotated[SecretStr, AfterValidator(_database)] = Field(
        default=SecretStr("sqlite:///candour.db"),
        validate_default=True,
        description="sqlite:///path (embedded) or postgresql://user:password@host/name.",
    )


class Telephony(Section):
    """Who carries the calls, and what Candour needs to speak to them."""

    provider: Provider = Field(description='Who carries the calls: "twilio", or "simulator" for trying things out.')
    account_sid: str = Field(pattern=r"^AC[0-9a-f]{32}$", description="Twilio account: AC and 32 hexadecimal digits.")
    auth_token: SecretStr = Field(
        min_length=16, description="Twilio's auth token, secret: signs every request from Twilio."
    )
    auth_token_next: SecretStr | None = Field(
        default=None, min_length=16, description="The second token while one is being changed; both are accepted."
    )
    api_base_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s/?#_@]+)?$",
        description="Address of the REST API as https://host; empty for Twilio's own. Where the simulator listens.",
    )
    region: str = Field(default="", pattern=r"^[a-z0-9]{0,8}$", description='Twilio region, like "ie1"; empty for US1.')
    edge: str = Field(default="", pattern=r"^[a-z-]{0,24}$", description='Twilio edge of that region, like "dublin".')
    number: str = Field(
        pattern=r"^\+[1-9][0-9]{6,14}$", description="The line's own number, as +44 and so on; shown to handsets."
    )

    @property
    def auth_tokens(self) -> tuple[str, ...]:
        """Whoever signs with one of these is Twilio."""
        tokens = (self.auth_token, self.auth_token_next)
        return tuple(token.get_secret_value() for token in tokens if token is not None)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if bool(self.region) != bool(self.edge):
            raise impossible("region and edge belong together: give both or neither")
        if self.region and self.api_base_url:
            raise impossible("api_base_url: leave it empty where region and edge are given")
        if self.provider is Provider.SIMULATOR:
            self._stays_on_this_machine()
        elif self.api_base_url.startswith("http://"):
            raise impossible("api_base_url: https://host; plain http is for the simulator")
        return self

    def _stays_on_this_machine(self) -> None:
        scheme, _, rest = self.api_base_url.partition("://")
        try:
            here = scheme == "http" and Address.from_text(rest).is_loopback
        except AddressImpossible:
            here = False
        if not here:
            raise impossible("api_base_url: where the simulator listens on this machine, like http://127.0.0.1:8090")

    @property
    def api_address(self) -> Address:
        """Host and port of the simulator's REST API. Raises AddressImpossible for Twilio's own."""
        return Address.from_text(self.api_base_url.partition("://")[2])


class Logging(Section):
    """What is written about the service's own work: event names and ids, never content."""

    level: LogLevel = Field(default=LogLevel.INFO, description="Least serious event: debug, info, warning or error.")
    format: LogFormat = Field(default=LogFormat.TEXT, description='"text" for people, "json" for machines.')


class Backup(Section):
    """Who can open a backup: the key is kept elsewhere, and nothing here can."""

    to: str = Field(
        default="",
        pattern=r"^(candour-reader\.[A-Za-z0-9_-]+)?$",
        description="Public key backups are sealed to, as 'candour keys backup-key' printed it.",
    )


def _force(written: str) -> str:
    if written not in FORCES:
        raise impossible('the id of a force, like "metropolitan"')
    return written


class Summary(Section):
    """The figures: each morning's summary of the day before, and the table of everything since the launch."""

    folder: FromConfig | None = Field(
        default=None,
        description="Folder for each morning's internal summary: pdf, text, xlsx, csv and json. Without it, none is "
        "written.",
    )
    launch: date | None = Field(
        default=None,
        description="First day of 'candour summary --since-launch' and of all that leaves, as 2022-11-29. "
        "It is written down as figures leave, and a change refused. Without it, nothing is made for outside.",
    )
    first_force: Annotated[str, AfterValidator(_force)] = Field(
        default="metropolitan", description="Force that the table since the launch names, by its id in the menu."
    )


class Retention(Section):
    """What is removed once it is old. 'candour purge' lists it, and when."""

    months_by_day: int = Field(
        default=36, ge=14, le=1200,
        description="Whole months for which figures are kept by the day; then a month's days become the month.",
    )  # fmt: skip


class Metrics(Section):
    """The machine's figures, for Prometheus: /metrics and /readyz, on a listener of their own."""

    listen: Listen | None = Field(
        default=None,
        description="Host and port for /metrics and /readyz: this machine's or a private network's. Without it: none.",
    )

    @model_validator(mode="after")
    def _is_not_public(self) -> Self:
        if self.listen is not None and not self.listen.is_private:
            raise impossible("listen: an address of this machine or of a private network, like 127.0.0.1:9108")
        return self


class Config(Section):
    """All of it. Paths are absolute; relative ones were read from the configuration file's folder."""

    line: Line
    desk: Desk = Field(default_factory=Desk)
    database: Database
    telephony: Telephony
    outbox: Outbox
    logging: Logging = Field(default_factory=Logging)
    backup: Backup = Field(default_factory=Backup)
    summary: Summary = Field(default_factory=Summary)
    retention: Retention = Field(default_factory=Retention)
    metrics: Metrics = Field(default_factory=Metrics)

    @model_validator(mode="after")
    def _sections_agree(self) -> Self:
        if self.desk.second_factor is SecondFactor.OFF and self.telephony.provider is not Provider.SIMULATOR:
            raise impossible('[desk] second_factor: "required" wherever real calls are taken')
        if self.line.listen == self.desk.listen:
            raise impossible("[desk] listen: another port than the line's")
        return self
