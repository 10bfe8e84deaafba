"""Telephone numbers as the console keeps and shows them: E.164 kept, the national way shown. Knows no caller's.

`phonenumbers` is imported only when a number is first looked at.
"""

from __future__ import annotations

from typing import Final

from shared.forms.checking import is_number

_HOME: Final = "GB"
_LEAST_DIGITS: Final = 7


def kept(text: str) -> str:
    """E.164 for a number that exists in a numbering plan, as it would be dialled in Britain; other text trimmed."""
    bare = text.strip()
    if "@" in bare or sum(mark.isdigit() for mark in bare) < _LEAST_DIGITS or any(mark.isalpha() for mark in bare):
        return bare
    import phonenumbers  # late: it is large, and most reports have no number

    try:
        number = phonenumbers.parse(bare, _HOME)
    except phonenumbers.NumberParseException:
        return bare
    if not phonenumbers.is_valid_number(number):
        return bare
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown(value: str) -> str:
    """A kept number as it is dialled here, one from abroad with its country; other text as it is."""
    if not is_number(value):
        return value
    import phonenumbers

    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return value
    if phonenumbers.region_code_for_number(number) == _HOME:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def exists(value: str) -> bool:
    """Whether a kept number is one that a numbering plan has."""
    return not is_number(value) or kept(value) == value.strip()
