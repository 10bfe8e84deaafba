"""The style sheet, written from the tokens. Widgets ask for a look by the dynamic properties `look` and `tone`."""

from __future__ import annotations

from dataclasses import asdict
from string import Template
from typing import Final

from PySide6.QtGui import QColor, QPalette

from console.style.tokens import Tokens

_SHEET: Final = Template("""
* { outline: none; }
QWidget { color: $text; font-size: ${body}px; }
QMainWindow, QWidget[look="ground"] { background: $ground; }
QWidget[look="surface"] { background: $surface; }
QFrame[look="card"] { background: $surface; border: 1px solid $line; border-radius: ${card_radius}px; }
QFrame[look="offer"] { background: $surface; border: 2px solid $accent; border-radius: ${card_radius}px; }
QFrame[look="sunken"] { background: $sunken; border: 1px solid $line; border-radius: ${radius}px; }
QFrame[look="row"] { background: transparent; border: none; border-bottom: 1px solid $line; }
QFrame[look="rule"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame[look="column"] { background: $surface; border: none; border-right: 1px solid $line; }
QFrame[look="banner"] { background: $caution_soft; border: none; border-bottom: 1px solid $line; }
QFrame[look="remarks"] { background: $caution_soft; border: none; border-left: 3px solid $caution;
    border-radius: ${radius}px; }
QFrame[look="choice_row"] { background: transparent; border: none; }

QLabel { background: transparent; border: none; }
QLabel[look="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[look="lead"] { font-size: ${lead}px; font-weight: 600; }
QLabel[look="strong"] { font-weight: 600; }
QLabel[look="small"] { font-size: ${small}px; }
QLabel[look="eyebrow"] { font-size: ${small}px; font-weight: 600; color: $muted; }
QLabel[look="clock"] { font-size: ${clock}px; font-weight: 400; }
QLabel[look="chip"] { font-size: ${small}px; background: $accent_soft; color: $accent; border-radius: ${radius}px;
    padding: 2px 8px; font-weight: 600; }
QLabel[look="key"] { font-size: ${small}px; background: $sunken; color: $muted; border: 1px solid $line;
    border-radius: 4px; padding: 2px 6px; }
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="danger"] { color: $danger; }
QLabel[tone="caution"] { color: $caution; }
QLabel[tone="good"] { color: $good; }
QLabel[tone="accent"] { color: $accent; }

QPushButton { background: $surface; color: $text; border: 1px solid $edge; border-radius: ${radius}px;
    min-height: ${inner}px; padding: 0 ${room}px; font-weight: 600; }
QPushButton:hover { background: $sunken; border-color: $text; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border: 2px solid $accent; padding: 0 ${room_less_one}px; min-height: ${inner_focus}px; }
QPushButton:disabled { color: $muted; background: $sunken; border-color: $line; }
QPushButton[look="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; }
QPushButton[look="primary"]:hover { background: $accent_strong; border-color: $accent_strong; }
QPushButton[look="primary"]:focus { border: 2px solid $text; }
QPushButton[look="primary"]:disabled { background: $line; color: $muted; border-color: $line; }
QPushButton[look="quiet"] { background: transparent; border: 1px solid transparent; color: $muted;
    padding: 0 ${tight}px; font-weight: 500; }
QPushButton[look="quiet"]:hover { color: $text; background: $sunken; }
QPushButton[look="quiet"]:focus { border: 2px solid $accent; padding: 0 7px; }
QPushButton[look="danger"] { color: $danger; border-color: $danger; }
QPushButton[look="danger"]:hover { background: $danger_soft; }
QPushButton[look="armed"] { color: $surface; background: $danger; border-color: $danger; }
QPushButton[look="segment"] { font-weight: 500; padding: 0 ${gap}px; }
QPushButton[look="segment"]:focus { padding: 0 ${gap_less_one}px; }
QPushButton[look="segment"]:checked { background: $accent_soft; color: $accent; border: 2px solid $accent;
    padding: 0 ${gap_less_one}px; min-height: ${inner_focus}px; }
QPushButton[look="segment"]:checked:focus { border: 2px solid $text; }
QPushButton[look="segment"]:checked:disabled { background: $sunken; color: $muted; border: 2px solid $edge; }
QPushButton[look="listed"] { text-align: left; border: 1px solid transparent; background: transparent;
    font-weight: 500; padding: ${tight}px ${gap}px; }
QPushButton[look="listed"]:hover { background: $sunken; }
QPushButton[look="listed"]:checked { background: $accent_soft; color: $accent; }
QPushButton[look="listed"]:disabled { color: $muted; background: transparent; }
QPushButton[look="contents"] { text-align: left; border: 1px solid transparent; background: transparent;
    font-weight: 400; padding: 0 ${gap}px; min-height: 30px; }
QPushButton[look="contents"]:hover { background: $sunken; }
QPushButton[look="contents"]:focus { border: 2px solid $accent; padding: 0 ${gap_less_one}px; min-height: 28px; }
QPushButton[look="listed"]:focus { border: 2px solid $accent; }

QLineEdit, QPlainTextEdit, QComboBox { background: $surface; color: $text; border: 1px solid $edge;
    border-radius: ${radius}px; padding: 0 ${gap}px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit, QComboBox { min-height: ${inner}px; }
QPlainTextEdit { padding: ${tight}px ${tight}px; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus { border: 2px solid $accent; }
QLineEdit:focus, QComboBox:focus { padding: 0 ${gap_less_one}px; min-height: ${inner_focus}px; }
QPlainTextEdit:focus { padding: 7px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled,
QLineEdit:read-only, QPlainTextEdit:read-only { background: $sunken; color: $text; border-color: $line; }
QLineEdit[tone="danger"], QComboBox[tone="danger"] { border: 2px solid $danger;
    min-height: ${inner_focus}px; }
QPlainTextEdit[tone="danger"] { border: 2px solid $danger; }
QPushButton[tone="danger"] { border-color: $danger; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: none; width: 0; height: 0; }
QComboBox QAbstractItemView { background: $surface; color: $text; border: 1px solid $edge; outline: none;
    selection-background-color: $accent_soft; selection-color: $accent; padding: 4px; }

QComboBox QAbstractItemView::item { min-height: 30px; padding: 0 ${tight}px; }

QCheckBox { spacing: ${tight}px; min-height: 26px; background: transparent; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid $edge; border-radius: 4px; background: $surface; }
QCheckBox::indicator:checked { background: $accent; border: 1px solid $accent; }
QCheckBox:focus { color: $accent; }
QCheckBox::indicator:focus { border: 2px solid $accent; }

QScrollArea { border: none; background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar::handle:vertical { background: $line; border-radius: 4px; min-height: 32px; }
QScrollBar::handle:vertical:hover { background: $edge; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; height: 0; }
QScrollBar:horizontal { height: 0; }
""")


def palette(tokens: Tokens) -> QPalette:
    """The same colours for what the style sheet does not reach: placeholders, cursors, ticks and arrows."""
    colours, made = tokens.colours, QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, colours.ground),
        (QPalette.ColorRole.Base, colours.surface),
        (QPalette.ColorRole.Button, colours.surface),
        (QPalette.ColorRole.WindowText, colours.text),
        (QPalette.ColorRole.Text, colours.text),
        (QPalette.ColorRole.ButtonText, colours.text),
        (QPalette.ColorRole.PlaceholderText, colours.muted),
        (QPalette.ColorRole.Highlight, colours.accent),
        (QPalette.ColorRole.HighlightedText, colours.on_accent),
    ):
        made.setColor(role, QColor(colour))
    return made


def style_sheet(tokens: Tokens) -> str:
    """Qt style sheet text for these tokens."""
    sizes = {name: getattr(tokens, name) for name in tokens.__dataclass_fields__ if name != "colours"}
    derived = {
        "inner": tokens.control - 2,
        "inner_focus": tokens.control - 4,
        "room_less_one": tokens.room - 1,
        "gap_less_one": tokens.gap - 1,
    }
    return _SHEET.substitute(asdict(tokens.colours) | sizes | derived)
