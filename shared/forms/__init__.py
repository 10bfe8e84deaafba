"""The forms reports are written in: versioned tables, what is wrong with an answer, and what leaves the building."""

from shared.forms.content import (
    Content,
    Problem,
    circle_of,
    conflict_of,
    empty_content,
    prefill,
    problems,
)
from shared.forms.dissemination import ReleaseFacts, contact_sheet, disseminated
from shared.forms.form import Choice, Field, FieldKind, Form, FormUnknown, Section, asked, load_form
from shared.forms.rendering import as_text

__all__ = [
    "Choice",
    "Content",
    "Field",
    "FieldKind",
    "Form",
    "FormUnknown",
    "Problem",
    "ReleaseFacts",
    "Section",
    "as_text",
    "asked",
    "circle_of",
    "conflict_of",
    "contact_sheet",
    "disseminated",
    "empty_content",
    "load_form",
    "prefill",
    "problems",
]
