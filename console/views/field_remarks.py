"""Reviewers' remarks, each under the answer it belongs to, in the form a report came back in."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QLabel, QWidget

from console.translation import tr
from console.views.parts import text_label
from console.views.underlining import control_at

FROM_REVIEW = tr("From the review: ")


def show_remarks(surface: QWidget, remarks: Mapping[str, str]) -> None:
    """Put these under the answers at these paths (dots between), and take away any there were."""
    for old in surface.findChildren(QLabel):
        if old.objectName().startswith("field_remark."):
            old.hide()
            old.setParent(None)
            old.deleteLater()
    for path, words in remarks.items():
        control = control_at(surface, f"field.{path}")
        holder = None if control is None else control.parentWidget()
        layout = None if holder is None else holder.layout()
        if control is not None and layout is not None:
            layout.addWidget(text_label(FROM_REVIEW + words, "small", "caution", f"field_remark.{path}"))
            control.setAccessibleDescription(FROM_REVIEW + words)
