"""A second report from the same call, for another force: what is copied of the first, and what is asked anew.

The two have nothing in common but what was copied: no number, no name, no call.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any, Final

from shared.forms import Content, Form, prefill
from shared.forms.content import category_of, mode_of

# Each report is read back and agreed to by itself, and may go to another force in another way. A reference's mark would
# join the two.
ASKED_ANEW: Final = frozenset({"force", "read_back", "may_be_sent", "urgent", "follow_up"})


def another(form: Form, first: Form, content: Mapping[str, Any], sections: Collection[str]) -> Content:
    """The answers the second report begins with: those of the chosen `sections` that `form` has too."""
    made = prefill(form, mode_of(content), category_of(content), None)
    for section in first.sections:
        if section.id in sections:
            for field in section.fields:
                if field.id in made and field.id in content and field.id not in ASKED_ANEW:
                    made[field.id] = deepcopy(content[field.id])
    return made
