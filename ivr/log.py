"""What the service may write about its own work: names of events, listed ids and counts. Everything else is dropped.

It decides what may be said, not where it is kept: lines go to standard error.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from shared.settings import LogFormat, Logging

# No key here can hold a caller, a telephone number, a CallSid, an address or anything a person wrote.
ALLOWED: Final = frozenset(
    {"event", "level", "process", "source", "error", "where"}
    | {"unit", "force", "delivery", "report", "person", "order", "call", "kind", "state", "reason", "code"}
    | {"attempts", "count", "seconds", "status", "version", "day"}
)
_ID: Final = re.compile(r"[0-9a-f]{32}")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,63}")
_LONG_NUMBER: Final = re.compile(r"[0-9]{5}")
_QUIET: Final = ("twilio.http_client", "httpx", "httpcore", "urllib3", "werkzeug", "asyncio", "alembic")


def allow_listed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep the listed keys whose values are names, ids or small numbers; the others go, key and all."""
    return {key: value for key, value in event.items() if key in ALLOWED and _may_be_said(value)}


def _may_be_said(value: object) -> bool:
    match value:
        case bool():
            return True
        case int() | float():
            return abs(value) < 100_000
        case str() if _ID.fullmatch(value):
            return True
        case str():
            return _NAME.fullmatch(value) is not None and not _LONG_NUMBER.search(value)
        case _:
            return False


def configure_logging(settings: Logging, process: str, stream: TextIO | None = None) -> None:
    """Send structlog's events, and word that a library had something to say, to ``stream`` (standard error)."""
    structlog.configure(
        processors=[
            _naming(process),
            structlog.processors.add_log_level,
            allow_listed,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _renderer(settings.format),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_level(settings)),
        logger_factory=lambda *_: _Writes(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_WordOnly()], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    sys.excepthook = _crashed
    threading.excepthook = lambda told: _crashed(told.exc_type, told.exc_value, told.exc_traceback)


class _Writes(structlog.WriteLogger):
    """A log that cannot be written must not become a caller's silence: what a full disk refuses is dropped."""

    def msg(self, message: str) -> None:
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warning = warn = error = critical = fatal = failure = msg


def _level(settings: Logging) -> int:
    return logging.getLevelNamesMapping()[settings.level.upper()]


def _naming(process: str) -> structlog.typing.Processor:
    def named(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event.setdefault("process", process)
        return event

    return named


def _renderer(wanted: LogFormat) -> structlog.typing.Processor:
    return structlog.processors.JSONRenderer(sort_keys=True) if wanted is LogFormat.JSON else _as_text


def _as_text(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    first = [event.pop("timestamp", ""), event.pop("level", ""), event.pop("process", ""), event.pop("event", "event")]
    return "  ".join([" ".join(first), *_pairs(event.items())])


def _pairs(items: Iterable[tuple[str, Any]]) -> Iterable[str]:
    return (f"{key}={value}" for key, value in sorted(items))


class _WordOnly(logging.Handler):
    """Says that a library logged something and which; what it logged may hold anything, so it is dropped.

    Of our own loggers (``candour.…``) the first word is kept, which is the event's name, and what follows it: words
    that the allow-list lets through.
    """

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        event = "library_spoke"
        if record.name.split(".")[0] == "candour":
            event, *said = record.getMessage().split()[:2] or [event]
            error = error or next(iter(said), None)
        structlog.get_logger().log(record.levelno, event, source=record.name, error=error, where=_place(record))


def _place(record: logging.LogRecord) -> str:
    if record.exc_info and record.exc_info[2]:
        return _innermost(record.exc_info[2])
    return f"{record.module}:{record.lineno}"


def _crashed(kind: type[BaseException], _error: BaseException | None, where: TracebackType | None) -> None:
    """An exception nobody caught: its kind and place are said, never what it holds."""
    structlog.get_logger().error("crashed", error=kind.__name__, where=_innermost(where))


def _innermost(trace: TracebackType | None) -> str:
    if trace is None:
        return "unknown"
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
