"""A real desk on a loopback port, an organisation to sign in to, and consoles that are quick about everything."""

import gc
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import select
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from console.app import Console, Pace, build_console
from console.settings import ConsoleSettings
from ivr.desk.app import desk_app
from ivr.desk.routing import DeskSettings
from shared.domain import calls, legs
from shared.domain.vocabulary import Category, Language, Mode
from shared.store.database import Store
from shared.store.schema import live_call
from tests.support.organisation import CHEAP, Organisation, found_organisation

QUICK = Pace(deadline_ms=3_000, save_after_ms=30, retry_ms=60, back_off_ms=(40, 80), floor=CHEAP)


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing is logged in tests."""


@dataclass
class Service:
    """The desk, running. `go_away` and `come_back` keep the port."""

    store: Store
    clock: Callable[[], datetime]
    organisation: Organisation
    port: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _server: BaseWSGIServer | None = None
    _thread: threading.Thread | None = None
    _watcher: Any = None
    answers_lost: int = 0
    _losing: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def come_back(self) -> None:
        self._stop = threading.Event()
        app = desk_app(self.store, self.clock, self._stop, DeskSettings(heartbeat_seconds=1.0, sign_in_cost=CHEAP))
        self._watcher = app.extensions["candour_watcher"]
        self._server = make_server(
            "127.0.0.1", self.port, self._losing_answers(app), threaded=True, request_handler=_Quiet
        )
        self._server.daemon_threads = True
        self.port = self._server.port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def lose_next_answer(self) -> None:
        """The next report saved is stored, and its answer never arrives."""
        self._losing = True

    def _losing_answers(self, app: Any) -> Any:
        def answer(environ: Any, start: Any) -> Any:
            body = app(environ, start)
            if not self._losing or "/reports" not in environ["PATH_INFO"]:
                return body
            self._losing, self.answers_lost = False, self.answers_lost + 1
            environ["werkzeug.socket"].close()
            return []

        return answer

    def go_away(self) -> None:
        self._stop.set()
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()
        assert self._watcher.join(5)
        self._server = None

    # --- what the line would do ---

    def a_call_waits(
        self,
        sid: str = "CA" + "1" * 32,
        language: Language = Language.EN,
        mode: Mode = Mode.ANONYMOUS,
        category: Category = Category.PERSONAL_ADVANTAGE,
        force_id: str | None = "kent",
        unable_to_speak: bool = False,
    ) -> str:
        with self.store.begin() as tx:
            calls.arrive(tx, sid, language, self.clock())
            calls.queue_call(tx, sid, language, mode, category, force_id, unable_to_speak, self.clock())
            calls.caller_waits(tx, sid, self.clock())
        return sid

    def the_handset_is_answered(self, sid: str = "CA" + "1" * 32) -> None:
        leg, room = "CA" + "2" * 32, "CF" + "3" * 32
        with self.store.begin() as tx:
            conference = tx.execute(select(live_call.c.conference).where(live_call.c.call_sid == sid)).scalar_one()
            legs.handset_rings(tx, conference, leg, self.clock())
            legs.handset_accepts(tx, conference, leg, self.clock())
            legs.handset_joined(tx, conference, room, leg, self.clock())
            legs.caller_joins(tx, sid, conference, self.clock())

    def the_caller_hangs_up(self, sid: str = "CA" + "1" * 32) -> None:
        with self.store.begin() as tx:
            calls.caller_left(tx, sid, self.clock())


@pytest.fixture
def quick() -> Callable[..., Pace]:
    """The quick pace, with something changed."""
    return lambda **changed: replace(QUICK, **changed)


@pytest.fixture
def now() -> Callable[[], datetime]:
    return lambda: datetime.now(UTC).replace(year=2026, month=3, day=10)


@pytest.fixture
def service(sqlite_store: Store, now: Callable[[], datetime]) -> Iterator[Service]:
    running = Service(sqlite_store, now, found_organisation(sqlite_store))
    running.come_back()
    yield running
    running.go_away()


@pytest.fixture
def open_console(
    qapp: QApplication, service: Service, now: Callable[[], datetime], tmp_path: Path
) -> Iterator[Callable[..., Console]]:
    opened: list[Console] = []

    def open_one(pace: Pace = QUICK) -> Console:
        settings = ConsoleSettings(service.url, service.organisation.root.public, tmp_path / "console")
        console = build_console(settings, now, pace)
        console.window.resize(1440, 900)
        console.window.show()
        console.window.activateWindow()
        opened.append(console)
        return console

    yield open_one
    for console in opened:
        console.close()
        console.window.deleteLater()
        console.deleteLater()
    qapp.processEvents()
    gc.collect()


@pytest.fixture
def signed_in(open_console: Callable[..., Console], service: Service, qtbot: Any) -> Callable[..., Console]:
    def sign_in(name: str, pace: Pace = QUICK) -> Console:
        console = open_console(pace)
        member = service.organisation.members[name]
        console.signing_in.begin(name, member.passphrase)
        qtbot.waitUntil(lambda: console.line.reached, timeout=5_000)
        return console

    return sign_in


@pytest.fixture
def control() -> Callable[[Console, str], Any]:
    """Finds the one widget of an object name."""

    def find(console: Console, name: str) -> Any:
        found = console.window.findChildren(QWidget, name)
        assert len(found) == 1, f"{len(found)} widgets are called {name}"
        return found[0]

    return find
