"""Words in a report that could point to whoever gave it: found, explained, and left to a person to settle.

It knows patterns and text, never a report, its author or its caller; a hint is advice, and may be wrong.
"""

from shared.identity_hints.finding import Hint, hints
from shared.identity_hints.patterns import HintKind

__all__ = ["Hint", "HintKind", "hints"]
