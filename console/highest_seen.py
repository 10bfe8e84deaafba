"""The highest version seen of a directory of keys, one number in one file, so that an older one is never believed."""

from __future__ import annotations

from pathlib import Path

from console.translation import tr
from shared.sealing.verify_key import VerifyKey


class HighestSeenUnreadable(Exception):
    """The note of the newest directory cannot be read or written; believing an older one would be worse."""

    words = tr("This computer's note of the newest key directory cannot be read or written. An administrator can help.")


class HighestSeen:
    """Remembers a version for each root key. Files hold digits only."""

    def __init__(self, folder: Path, root: VerifyKey) -> None:
        self._path = folder / f"directory-{root.key_id}.seen"

    def version(self) -> int:
        """0 when none was seen yet. Raises HighestSeenUnreadable."""
        try:
            text = self._path.read_text(encoding="ascii")
        except FileNotFoundError:
            return 0
        except (OSError, UnicodeDecodeError):
            raise HighestSeenUnreadable from None
        if not text.strip().isdigit():
            raise HighestSeenUnreadable
        return int(text)

    def remember(self, version: int) -> None:
        """Never goes back. Raises HighestSeenUnreadable."""
        if version <= self.version():
            return
        fresh = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(f"{version}\n", encoding="ascii")
            fresh.replace(self._path)
        except OSError:
            raise HighestSeenUnreadable from None
