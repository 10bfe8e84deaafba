"""The least configuration with which ``candour`` commands find a database in a folder; nobody serves it."""

from pathlib import Path

from shared.store.database import Store, open_store
from shared.store.migrate import bring_up_to_date

_WRITTEN = """
[line]
public_url = "http://127.0.0.1:8080"
[desk]
second_factor = "off"
[outbox]
[database]
[telephony]
provider = "simulator"
account_sid = "AC00000000000000000000000000000000"
auth_token = "tttttttttttttttttttttttttttttttt"
api_base_url = "http://127.0.0.1:8090"
number = "+448081570000"
"""


def scratch_configuration(folder: Path, more: str = "") -> Path:
    """Write it; ``more`` is what else stands in it."""
    path = folder / "config.toml"
    path.write_text(f"{_WRITTEN}{more}", encoding="utf-8")
    return path


def scratch_store(folder: Path) -> Store:
    """The database that it names, with its tables."""
    store = open_store(f"sqlite:///{folder / 'candour.db'}")
    bring_up_to_date(store)
    return store
