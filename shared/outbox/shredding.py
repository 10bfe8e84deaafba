"""After something was deleted for good: empty SQLite's write-ahead log, and only then call it shredded."""

from __future__ import annotations

from dataclasses import dataclass

from shared.store.database import Store, truncate_wal


@dataclass(slots=True)
class Shredder:
    """Remembers that something has to be shredded. A new one assumes so: the last courier may not have finished."""

    store: Store
    due: bool = True

    def step(self) -> bool:
        """True when the log has just been emptied; False where nothing was due or a reader was in the way."""
        if not self.due or not truncate_wal(self.store):
            return False
        self.due = False
        return True
