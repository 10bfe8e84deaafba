"""The style sheet, written from the tokens. Widgets ask for a look by the dynamic properties `look` and `tone`."""

from __future__ import annotations

from dataclasses import asdict
from string import Template
from typing import Final

from PySide6.QtGui import QColor, QPalette

from console.style.tokens import Tokens

_SHEET: Final = Template("""
* { outline: none; }
QWidget { color: $text; font-size: ${body}px; placeholder-text-color: $muted; }
QMainWindow, QWidget[look="ground"], QWidget[look="sheet"] { background: $ground; }
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
QFrame[look="aloud"] { background: $accent_soft; border: none; border-left: 3px solid $accent;
    border-radius: ${radius}px; }
QFrame[look="choice_row"] { background: transparent; border: none; }

QLabel { background: transparent; border: none; }
QLabel[look="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[look="lead"] { font-size: ${lead}px; font-weight: 600; }
QLabel[look="strong"] { font-weight: 600; }
QLabel[look="small"] { font-size: ${small}px; }
QLabel[look="script"] { font-size: ${lead}px; background: $accent_soft; border-left: 3px solid $accent;
    border-radius: ${radius}px; padding: ${gap}px; }
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
QPushButton:pressed { background: $accent_soft; }
QPushButton:disabled { color: $muted; background: $sunken; border-color: $line; }
QPushButton[look="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; }
QPushButton[look="primary"]:hover { background: $accent_strong; border-color: $accent_strong; }
QPushButton[look="primary"]:disabled { background: $sunken; color: $muted; border-color: $line; }
QPushButton[look="quiet"] { background: transparent; border: 1px solid transparent; color: $muted;
    padding: 0 ${tight}px; font-weight: 500; }
QPushButton[look="quiet"]:hover { color: $text; background: $sunken; }
QPushButton[look="danger"] { color: $danger; border-color: $danger; }
QPushButton[look="danger"]:disabled { color: $muted; border-color: $line; }
QPushButton[look="danger"]:hover { background: $danger_soft; }
QPushButton[look="armed"] { color: $surface; background: $danger; border-color: $danger; }
QPushButton[look="segment"] { font-weight: 500; padding: 0 ${gap}px; }
QPushButton[look="segment"]:checked { background: $accent_soft; color: $accent; border: 1px solid $accent;
    border-bottom: 4px solid $accent; min-height: ${inner_checked}px; }
QPushButton[look="segment"]:checked:disabled { background: $sunken; color: $muted; border-color: $edge; }
QPushButton[look="listed"] { text-align: left; border: 1px solid transparent; background: transparent;
    font-weight: 500; padding: ${tight}px ${gap}px; }
QPushButton[look="listed"]:hover { background: $sunken; }
QPushButton[look="listed"]:checked { background: $accent_soft; color: $accent; border-left: 4px solid $accent; }
QPushButton[look="listed"]:disabled { color: $muted; background: transparent; }
QPushButton[look="contents"] { text-align: left; border: 1px solid transparent; background: transparent;
    font-weight: 400; padding: 0 ${gap}px; min-height: ${row}px; }
QPushButton[look="contents"]:hover { background: $sunken; }
QPushButton[tone="danger"] { border-color: $danger; }

QLineEdit, QPlainTextEdit, QComboBox { background: $surface; color: $text; border: 1px solid $edge;
    border-radius: ${radius}px; padding: 0 ${gap}px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit, QComboBox { min-height: ${inner}px; }
QPlainTextEdit { padding: ${tight}px ${tight}px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled,
QLineEdit:read-only, QPlainTextEdit:read-only { background: $sunken; color: $text; border-color: $line; }
QLineEdit[tone="danger"], QComboBox[tone="danger"] { border: 2px solid $danger;
    min-height: ${inner_danger}px; }
QPlainTextEdit[tone="danger"] { border: 2px solid $danger; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: none; width: 0; height: 0; }
QComboBox QAbstractItemView { background: $surface; color: $text; border: 1px solid $edge; outline: none;
    selection-background-color: $accent_soft; selection-color: $accent; padding: 4px; }

QComboBox QAbstractItemView::item { min-height: ${row}px; padding: 0 ${tight}px; }

QListWidget, QTreeWidget { background: $surface; border: 3px solid transparent; border-radius: ${radius}px;
    outline: none; }
QListWidget::item { border-left: 4px solid transparent; }
QListWidget::item:selected { background: $accent_soft; color: $accent; border-left: 4px solid $accent; }

QTableView { background: $surface; color: $text; border: 1px solid $edge; gridline-color: $line; outline: none;
    selection-background-color: $accent_soft; selection-color: $accent; }
QHeaderView::section { background: $sunken; color: $text; border: none; border-bottom: 1px solid $edge;
    padding: ${hair}px ${tight}px; font-weight: 600; }

QCheckBox { spacing: ${tight}px; min-height: 26px; background: transparent; }
QCheckBox::indicator { width: ${tick}px; height: ${tick}px; border: 1px solid $edge; border-radius: 4px;
    background: $surface; }
QCheckBox::indicator:checked { background: $accent; border: 1px solid $accent; }
QCheckBox { border: 3px solid transparent; border-radius: ${radius}px; padding-right: ${tight}px; }

/* The focus: a ring three times as thick as any outline, in a colour nothing else has. It comes last, to win. */
QPushButton:focus, QPushButton[look]:focus, QPushButton[tone]:focus, QPushButton[look="segment"]:checked:focus,
QPushButton[look="listed"]:checked:focus { border: 3px solid $focus; }
QPushButton:focus { padding: 0 ${room_focus}px; min-height: ${inner_focus}px; }
QPushButton[look="primary"]:focus, QPushButton[look="armed"]:focus { border: 3px solid $focus_filled; }
QPushButton[look="quiet"]:focus { padding: 0 ${tight_focus}px; }
QPushButton[look="segment"]:focus { padding: 0 ${gap_focus}px; min-height: ${inner_focus}px; }
QPushButton[look="segment"]:checked:focus { text-decoration: underline; }
QPushButton[look="contents"]:focus { padding: 0 ${gap_focus}px; min-height: ${row_focus}px; }
QPushButton[look="listed"]:focus { padding: ${tight_focus}px ${gap_focus}px; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QTableView:focus, QListWidget:focus,
QTreeWidget:focus { border: 3px solid $focus; }
QLineEdit:focus, QComboBox:focus { padding: 0 ${gap_focus}px; min-height: ${inner_focus}px; }
QComboBox QLineEdit, QComboBox QLineEdit:focus { border: none; background: transparent; padding: 0; min-height: 0; }
QPlainTextEdit:focus { padding: ${tight_focus}px; }
QCheckBox:focus { border: 3px solid $focus; }
QFrame[look="card"]:focus, QWidget[look="sheet"]:focus { border: 3px solid $focus; }

/* What has a width or a height of its own asks for it by `span`. */
QWidget[span="head"] { min-height: ${head}px; }
QWidget[span="words"] { max-width: ${text_width}px; }
QScrollArea[span="list"] { min-height: ${list_least}px; }
QFrame[span="door"] { min-width: ${door_width}px; max-width: ${door_width}px; }
QFrame[span="side"] { min-width: 300px; max-width: ${side_width}px; }
QWidget[span="outline"] { min-height: ${outline_least}px; }
QFrame[span="palette"] { max-width: ${palette_width}px; }
QLabel[span="key"] { min-width: ${key_inner}px; max-width: ${key_inner}px; }

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
        "inner_focus": tokens.control - 6,
        "inner_checked": tokens.control - 5,
        "inner_danger": tokens.control - 4,
        "row_focus": tokens.row - 4,
        "room_focus": tokens.room - 2,
        "gap_focus": tokens.gap - 2,
        "tight_focus": tokens.tight - 2,
        "list_least": tokens.row * 4,
        "key_inner": tokens.key_width - 14,
    }
    return _SHEET.substitute(asdict(tokens.colours) | sizes | derived)
