"""Why the force's side does not do what it was asked, in words for the person at the desk."""

from __future__ import annotations

from shared.sealing.errors import SealingError


class NotEnrolled(SealingError):
    words = "This unit is not enrolled yet: unit.toml needs the charity's root key and its directory file."


class UnitFileWrong(SealingError):
    words = "unit.toml is missing or is not as it should be. It is made by 'candour-force keygen'."


class KeysForAnotherUnit(SealingError):
    words = "This key file belongs to another unit than the one unit.toml names."


class KeysMalformed(SealingError):
    words = "This is not a unit's key file, or it is incomplete."


class PassphraseNeeded(SealingError):
    words = "The unit's keys are protected by a passphrase."


class EnrolmentMalformed(SealingError):
    words = "This is not a unit's request to be enrolled, or it was changed."


class FileExists(SealingError):
    words = "There is a file of that name already. Nothing was overwritten."


class FileUnreadable(SealingError):
    words = "This file cannot be read."


class MailWithoutReport(SealingError):
    words = "This message has no sealed report attached."


class MailWithSeveral(SealingError):
    words = "This message has more than one sealed file attached. Save each into the folder and open them there."


class NotAReport(SealingError):
    words = "This is a sealed file, but not a report for a unit."


class ContactWithoutReport(SealingError):
    words = "These contact details belong to a report that is not in this folder. Keep both in one folder."


class ReportForAnotherUnit(SealingError):
    words = "This report is sealed for another unit. It cannot be opened here."


class NotSignedByTheCharity(SealingError):
    words = "This is not signed with the charity's key, or was changed on the way. Do not rely on it."


class ReportUnreadable(SealingError):
    words = "The report opened, but its content is not in a form this program knows. Please update candour-force."


class NotOpenedYet(SealingError):
    words = "This report has not been opened here yet. Open and read it first."


class ReportWithdrawn(SealingError):
    words = "This report was withdrawn: the notice beside it says so. No answer is needed, and none was written."


class NoAnswerToNotices(SealingError):
    words = "This is a notice of withdrawal. No answer is needed, and none was written."


class ReportWithoutMark(SealingError):
    words = "The person who made this report took no reference to ring again with, so nobody can be asked."


class NoSupervisorsKey(SealingError):
    words = "The directory beside your unit file has no key for questions. Please ask the charity for its newest one."


class QuestionLength(SealingError):
    words = "A question has 1 to 1,000 characters."


class QuarterNotBegun(SealingError):
    words = "That quarter has not begun yet. A quarter is written as 2026-q1."


class AnsweredOtherwise(SealingError):
    words = "This report has already been answered, and otherwise. Please ring the charity to put it right."
