"""What may be written about the service's own work, and what never is."""

from __future__ import annotations

import errno
import io
import json
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
import structlog

from ivr.log import configure_logging
from shared.settings import LogFormat, Logging, LogLevel

NUMBER = "+441134960123"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook)
    before = list(root.handlers), root.level
    stream = io.StringIO()
    configure_logging(Logging(format=LogFormat.JSON, level=LogLevel.INFO), "desk", stream)

    yield stream

    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level = before
    sys.excepthook, threading.excepthook = hooks


def test_an_event_and_its_ids_are_written(written: io.StringIO) -> None:
    structlog.get_logger().info("delivered", delivery="0" * 32, unit="kent-psd", attempts=2)

    event = json.loads(written.getvalue())

    assert (event["event"], event["process"], event["delivery"]) == ("delivered", "desk", "0" * 32)
    assert (event["unit"], event["attempts"]) == ("kent-psd", 2)


@pytest.mark.parametrize(
    "said",
    [
        {"number": NUMBER},
        {"person": NUMBER},
        {"reason": "0113 496 0123"},
        {"code": "01134960123"},
        {"count": 441134960123},
        {"report": {"text": NUMBER}},
        {"exc_info": ValueError(NUMBER)},
    ],
)
def test_what_is_not_listed_or_not_a_name_is_dropped(written: io.StringIO, said: dict[str, object]) -> None:
    structlog.get_logger().info("something", **said)

    assert json.loads(written.getvalue()).keys() == {"event", "level", "process", "timestamp"}


def test_a_library_s_words_are_not_repeated(written: io.StringIO) -> None:
    try:
        raise ValueError(NUMBER)
    except ValueError:
        logging.getLogger("flask.app").exception("Exception on /voice/incoming?From=%s", NUMBER)
    logging.getLogger("twilio.http_client").info("POST %s", NUMBER)

    lines = written.getvalue().splitlines()

    assert len(lines) == 1
    assert json.loads(lines[0])["error"] == "ValueError"
    assert "496" not in lines[0].replace(json.loads(lines[0])["timestamp"], "")


def test_a_crash_says_its_kind_and_place_and_not_what_it_holds(written: io.StringIO) -> None:
    def fall() -> None:
        raise ValueError(NUMBER)

    falling = threading.Thread(target=fall)
    falling.start()
    falling.join()

    event = json.loads(written.getvalue())

    assert event["event"] == "crashed"
    assert event["where"].startswith("test_log.py:")
    assert NUMBER not in written.getvalue()


def test_our_own_loggers_events_keep_their_name(written: io.StringIO) -> None:
    logging.getLogger("candour.desk").error("desk_fault %s", "KeyError")

    event = json.loads(written.getvalue())

    assert (event["event"], event["error"], event["level"]) == ("desk_fault", "KeyError", "error")


class FullDisk(io.StringIO):
    def write(self, _text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_log_that_cannot_be_written_stops_nobody(written: io.StringIO) -> None:
    configure_logging(Logging(), "line", FullDisk())

    structlog.get_logger().error("webhook_failed", kind="incoming")
    logging.getLogger("ivr.line").error("something")
