"""The forms reports are written in: versioned tables, what is wrong with an answer, and what leaves the building."""

from shared.forms.checking import Problem, problems
from shared.forms.content import (
    Content,
    asked_of,
    circle_of,
    conflict_of,
    empty_content,
    is_agreed,
    is_urgent,
    prefill,
)
from shared.forms.dissemination import ReleaseFacts, contact_sheet, dated_anew, disseminated
from shared.forms.form import (
    REPEATED,
    Beside,
    Choice,
    Field,
    FieldKind,
    Form,
    FormUnknown,
    Section,
    asked,
    load_form,
    read_form,
)
from shared.forms.rendering import as_text

__all__ = [
    "REPEATED",
    "Beside",
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
    "asked_of",
    "circle_of",
    "conflict_of",
    "contact_sheet",
    "dated_anew",
    "disseminated",
    "empty_content",
    "is_agreed",
    "is_urgent",
    "load_form",
    "prefill",
    "problems",
    "read_form",
]
