"""`python -m tests.at_spi.console_window`: a desk and one console in a real window, worked by whoever asks by lines.

It writes `ready NAME PASSPHRASE` (the passphrase is the rest of the line), then answers each line it reads.
"""

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSocketNotifier
from PySide6.QtWidgets import QApplication

from console.app import Pace, build_console
from console.settings import ConsoleSettings
from shared.store.database import open_store
from shared.store.migrate import bring_up_to_date
from tests.support.organisation import CHEAP, HANDLER, found_organisation
from tests.support.running_desk import RunningDesk


def main() -> int:
    """Until its standard input ends."""
    QCoreApplication.setApplicationName("candour-console")
    application = QApplication(["candour-console"])
    application.setStyle("fusion")
    with tempfile.TemporaryDirectory(prefix="candour-window-") as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'candour.db'}")
        bring_up_to_date(store)
        began = time.monotonic()
        now = datetime(2026, 3, 10, 14, 5, tzinfo=UTC).timestamp()
        desk = RunningDesk(
            store,
            lambda: datetime.fromtimestamp(now + time.monotonic() - began, UTC),
            found_organisation(store),
        )
        desk.come_back()
        settings = ConsoleSettings(desk.url, desk.organisation.root.public, Path(folder))
        console = build_console(settings, desk.clock, Pace(save_after_ms=50, floor=CHEAP))
        console.window.show()
        answers = {
            "waits": lambda: desk.a_call_waits() and "yes",
            "answered": lambda: desk.the_handset_is_answered() or "yes",
            "leaves": lambda: desk.the_caller_hangs_up() or "yes",
            "rings?": lambda: "yes" if console.call.call is not None else "no",
            "ended?": lambda: "yes" if console.call.may("outcome") else "no",
            "saved?": lambda: "yes" if console.report.is_open and not console.report.is_unsaved else "no",
            "finished?": lambda: "yes" if console.call.call is None else "no",
        }

        def answer() -> None:
            asked = sys.stdin.readline()
            if not asked:
                application.quit()
                return
            sys.stdout.write(answers.get(asked.strip(), lambda: "yes")() + "\n")
            sys.stdout.flush()

        listener = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        listener.activated.connect(answer)
        sys.stdout.write(f"ready {HANDLER} {desk.organisation.members[HANDLER].passphrase}\n")
        sys.stdout.flush()
        application.exec()
        console.close()
        desk.go_away()
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
