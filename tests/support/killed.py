"""A process of its own that writes to a store and is killed, with no chance to say goodbye, at a chosen statement."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, event

from shared.store.database import Store, open_store


def address(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=False)


def killed_at(store: Store, nth: int, work: Callable[[Connection], object]) -> bool:
    """Do this in one transaction in another process, killed before its nth statement or, after the last, its commit.

    False once it lived through, and has done it.
    """
    url = address(store)
    store.engine.dispose()  # its connections are not for two
    child = os.fork()
    if child == 0:
        try:
            _work(url, nth, work)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _work(url: str, nth: int, work: Callable[[Connection], object]) -> None:
    left = nth
    store = open_store(url)

    def passed(*_: Any, **__: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    with store.begin() as tx:
        event.listen(store.engine, "before_cursor_execute", passed)
        event.listen(store.engine, "commit", passed)
        work(tx)
    store.close()
