"""Keeps what was deleted from staying behind: empties SQLite's write-ahead log soon after anything was committed."""

from __future__ import annotations

import threading
from typing import Final

from shared.store.database import Store, truncate_wal

_EVERY_SECONDS: Final = 5.0  # a busy desk commits many times a second; the log is emptied this often at most
_AGAIN_SECONDS: Final = 0.2
_LOOK_SECONDS: Final = 1.0


def keep_shredded(store: Store, stop: threading.Event, every_seconds: float = _EVERY_SECONDS) -> None:
    """Work until ``stop`` is set. On PostgreSQL there is nothing to do, and this returns at once."""
    if not store.is_sqlite:
        return
    watch = store.watch()
    try:
        while not stop.is_set():
            _empty(store, stop)
            while not stop.is_set() and not watch.wait(_LOOK_SECONDS):
                pass
            stop.wait(every_seconds)
    finally:
        watch.close()


def _empty(store: Store, stop: threading.Event) -> None:
    """Only when nobody is reading an older state can the log be emptied; so ask until it is."""
    while not truncate_wal(store) and not stop.wait(_AGAIN_SECONDS):
        pass
