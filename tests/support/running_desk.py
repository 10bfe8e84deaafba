"""The desk running for real, on a loopback port in a thread, and what the line would do to its calls."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from ivr.desk.app import desk_app
from ivr.desk.routing import DeskSettings
from shared.domain import calls, legs
from shared.domain.second_factor import SecondFactorKey
from shared.domain.vocabulary import Category, Language, Mode
from shared.store.database import Store
from shared.store.schema import live_call
from shared.summary.retention import Kept
from tests.support.organisation import CHEAP, Organisation

CALL_SID = "CA" + "1" * 32
LAUNCH = date(2026, 1, 1)


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing is logged in tests."""


@dataclass
class RunningDesk:
    """The desk, running. `go_away` and `come_back` keep the port."""

    store: Store
    clock: Callable[[], datetime]
    organisation: Organisation
    port: int = 0
    second_factor: SecondFactorKey | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _server: BaseWSGIServer | None = None
    _thread: threading.Thread | None = None
    _watcher: Any = None
    answers_lost: int = 0
    _losing: bool = False
    held_back: int = 0
    _hold: tuple[str, threading.Event, bool] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def come_back(self) -> None:
        self._stop = threading.Event()
        settings = DeskSettings(
            heartbeat_seconds=1.0, sign_in_cost=CHEAP, second_factor=self.second_factor, kept=Kept(launch=LAUNCH)
        )
        app = desk_app(self.store, self.clock, self._stop, settings)
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

    def hold_back(self, path_end: str, answered: bool = False) -> threading.Event:
        """What is asked next of a path that ends so is done (when already `answered`, sent) once the event is set."""
        self._hold, self.held_back = (path_end, threading.Event(), answered), 0
        return self._hold[1]

    def _held(self, do: Callable[[], Any]) -> Any:
        assert self._hold is not None
        (_, go_on, answered), self._hold = self._hold, None
        body = do() if answered else None
        self.held_back = 1
        go_on.wait(10)
        return body if answered else do()

    def _losing_answers(self, app: Any) -> Any:
        def answer(environ: Any, start: Any) -> Any:
            if self._hold is not None and environ["PATH_INFO"].endswith(self._hold[0]):
                return self._held(lambda: app(environ, start))
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
        sid: str = CALL_SID,
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

    def the_handset_is_answered(self, sid: str = CALL_SID) -> None:
        leg, room = "CA" + "2" * 32, "CF" + "3" * 32
        with self.store.begin() as tx:
            conference = tx.execute(select(live_call.c.conference).where(live_call.c.call_sid == sid)).scalar_one()
            legs.handset_rings(tx, conference, leg, self.clock())
            legs.handset_accepts(tx, conference, leg, self.clock())
            legs.handset_joined(tx, conference, room, leg, self.clock())
            legs.caller_joins(tx, sid, conference, self.clock())

    def the_caller_hangs_up(self, sid: str = CALL_SID) -> None:
        with self.store.begin() as tx:
            calls.caller_left(tx, sid, self.clock())
