"""The window with nothing but its sign-in: all that must be there before a name can be typed. It wires nothing."""

from __future__ import annotations

from dataclasses import dataclass

from console.appearance import Appearance
from console.models.session import SessionModel
from console.placement import NOWHERE, Placement
from console.views.session import SessionView
from console.views.window import Window


@dataclass(frozen=True, slots=True)
class Front:
    """A window that shows its sign-in, how it looks, where it stood, and the model of who signs in."""

    session: SessionModel
    window: Window
    appearance: Appearance
    placement: Placement = NOWHERE


def make_front(appearance: Appearance, placement: Placement = NOWHERE) -> Front:
    """Needs a QApplication."""
    session = SessionModel()
    window = Window(SessionView(session, appearance.tokens), appearance.tokens)
    return Front(session, window, appearance, placement)
