"""Alembic's environment: runs migrations on the connection it is given, in that connection's transaction."""

from typing import Any, Literal

from alembic import context

from shared.store.columns import Patterned, PlainText, UtcTime
from shared.store.schema import metadata


def _render(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Migrations name plain SQL types, so that an old one never changes its meaning."""
    if kind != "type":
        return False
    if isinstance(item, UtcTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Patterned | PlainText):
        return f"sa.String(length={getattr(item.impl_instance, 'length', None)})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=_render,
    compare_type=True,
)
context.run_migrations()
