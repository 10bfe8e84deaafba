"""What can be wrong with a key, an envelope, an answer, a directory or a passphrase, named as facts.

Nothing here knows how a fact is shown; ``words`` is what a person may be told, and never holds content.
"""

from __future__ import annotations

from typing import ClassVar


class SealingError(Exception):
    """The world's fault: what arrived is not what it should be. ``reason`` is fixed text of ours."""

    words: ClassVar[str] = "This could not be opened or checked."

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason or self.words)


class KeyMalformed(SealingError):
    words = "This is not a key of the expected kind."


class EnvelopeMalformed(SealingError):
    words = "This is not a sealed envelope, or it is incomplete."


class EnvelopeAltered(SealingError):
    words = "This envelope was changed after it was sealed."


class NotForThisReader(SealingError):
    words = "This envelope was not sealed for this key."


class SignatureWrong(SealingError):
    words = "The signature on this envelope is missing or is not from the expected key."


class AnswerMalformed(SealingError):
    words = "This is not an answer to a report, or it is incomplete."


class AnswerForAnotherReport(SealingError):
    words = "This answer belongs to another report or another unit."


class AnswerSignatureWrong(SealingError):
    words = "The signature on this answer is not from the unit's key."


class DirectoryMalformed(SealingError):
    words = "This is not a directory of keys, or it is incomplete."


class DirectorySignatureWrong(SealingError):
    words = "This directory of keys is not signed by the organisation's root key."


class DirectoryRolledBack(SealingError):
    words = "This directory of keys is older than one already seen."


class DirectoryExpired(SealingError):
    words = "This directory of keys has expired. An administrator must issue a new one."


class AlternateServesTheSame(SealingError):
    words = (
        "A unit's alternate takes the reports about it, so it cannot serve the same force as the unit. "
        "Name one that does not, or none."
    )


class UnknownUnit(SealingError):
    words = "The directory has no such unit."


class UnknownPerson(SealingError):
    words = "The directory has no such person."


class UnknownRoleKey(SealingError):
    words = "The directory has no key for this role."


class PassphraseUnsuitable(SealingError):
    words = "A passphrase has 14 to 128 characters."


class ParametersTooWeak(SealingError):
    words = "The service asked for a weaker sign-in than this console allows."


class ParametersMalformed(SealingError):
    words = "The service's sign-in settings are not valid."


class PassphraseWrong(SealingError):
    words = "The passphrase does not open these keys."


class RoleWrapWrong(SealingError):
    words = "This role key was not wrapped for this person, role and version."
