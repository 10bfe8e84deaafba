"""What is known of one person, to type and tick: name, roles, languages, handset. It does not know whose it is."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from console.models.people import ROLES, Typed
from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import show_words, text_label
from console.views.parts import widget as holder
from console.views.sheet import tick, typed
from console.words import LANGUAGES
from shared.people_messages import PersonFacts


class PersonForm(QWidget):
    """`write` fills it in, `typed` is what stands in it now."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._name = typed("people.name", tr("Name"), 80)
        self._handset = typed("people.handset", tr("Handset: a telephone number or a SIP address"), 120)
        self._trusted = tick("people.trusted", tr("Has no voicemail, so it need not press 1"))
        self._roles = {role: tick(f"people.role.{role}", words) for role, words in ROLES.items()}
        self._languages = {one: tick(f"people.language.{one}", words) for one, words in LANGUAGES.items()}
        self._warning = text_label("", "", "caution", "people.warning")
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(tokens.gap)
        grid.setHorizontalSpacing(tokens.gap)
        boxes, spoken = QGridLayout(), QGridLayout()
        for ticks, layout in ((self._roles, boxes), (self._languages, spoken)):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(tokens.tight)
            for place, box in enumerate(ticks.values()):
                layout.addWidget(box, place // 2, place % 2)
        for row, (words, inside) in enumerate(
            ((tr("Name"), self._name), (tr("Roles"), holder(boxes)), (tr("Languages"), holder(spoken)),
             (tr("Handset"), self._handset), ("", self._trusted), ("", self._warning))
        ):  # fmt: skip
            grid.addWidget(text_label(words, "strong", wrap=False), row, 0)
            grid.addWidget(inside, row, 1)
        grid.setColumnStretch(1, 1)
        self.setLayout(grid)

    def take_focus(self) -> None:
        self._name.setFocus()

    def write(self, facts: PersonFacts | None) -> None:
        """Of somebody; or all empty, for somebody new."""
        self._name.setText("" if facts is None else facts.name)
        self._handset.setText("" if facts is None else facts.handset or "")
        self._trusted.setChecked(facts is not None and facts.handset_trusted)
        for role, box in self._roles.items():
            box.setChecked(facts is not None and role in facts.roles)
        for language, box in self._languages.items():
            box.setChecked(facts is not None and language in facts.languages)

    def warn(self, words: str) -> None:
        """What is out of the ordinary about them; "" takes it away."""
        show_words(self._warning, words)

    @property
    def typed(self) -> Typed:
        roles = tuple(role for role, box in self._roles.items() if box.isChecked())
        languages = tuple(one for one, box in self._languages.items() if box.isChecked())
        return Typed(self._name.text(), roles, languages, self._handset.text(), self._trusted.isChecked())
