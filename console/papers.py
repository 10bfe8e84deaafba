"""Where what this person saves is put. It knows nothing of what that is."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths


def documents_folder() -> Path:
    """Looked up each time: it may come, or go elsewhere, while the console is open. It need not be there."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
