"""The example's service, with a way to kill it and to start it again where it was."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from ivr.demo import Stage, StageFailed


class MortalStage(Stage):
    """A stage whose service can be killed. Its local Twilio lives on, as the real one would."""

    def kill_service(self) -> None:
        """SIGKILL for the supervisor; what it started dies with it."""
        process = self.processes["serve"]
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    def start_service(self) -> None:
        """Start it again. Raises StageFailed."""
        self._process("serve", (), ready="Candour is ready.")

    def rows(self, statement: str, *values: object) -> Sequence[tuple[object, ...]]:
        """What the service's database says."""
        database = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return database.execute(statement, values).fetchall()
        except sqlite3.OperationalError as wrong:
            raise StageFailed(f"the database could not be read: {wrong}") from None
        finally:
            database.close()

    @property
    def database(self) -> Path:
        return self.data / "candour.db"
