"""What the screening room refuses, by name."""

from protocols.errors import AmanaError


class ChecklistError(AmanaError):
    """A checklist file cannot be used. Subclasses say why; the message says where in the file."""

    code = "checklist_damaged"


class UnknownChecklistError(ChecklistError):
    """No checklist of that id is in this installation."""

    code = "checklist_unknown"


class ChecklistFormatError(ChecklistError):
    """A field is missing, superfluous, of the wrong type or out of place."""

    code = "checklist_format"


class MissingTranslationError(ChecklistError):
    """A text lacks one of the checklist's languages."""

    code = "checklist_translation_missing"


class DuplicateKeyError(ChecklistError):
    """Two sections, questions or choices have the same key."""

    code = "checklist_duplicate_key"


class UnknownReferenceError(ChecklistError):
    """An answer raises an indicator, need, finding or form that does not exist."""

    code = "checklist_unknown_reference"


class ConditionError(ChecklistError):
    """A condition is malformed, or speaks of a question or value it cannot know."""

    code = "checklist_condition"


class UnknownSetError(AmanaError):
    """No indicator set of that name."""

    code = "indicator_set_unknown"


class UnknownIndicatorError(AmanaError):
    """The set has no such indicator."""

    code = "indicator_unknown"


class InterviewError(AmanaError):
    """The interview cannot take that step now."""

    code = "interview_step"


class AnswerError(InterviewError):
    """The value does not fit the question."""

    code = "interview_answer"


class InterviewEndedError(InterviewError):
    """The interview is at its end or was stopped."""

    code = "interview_ended"


class ChecklistChangedError(InterviewError):
    """A kept interview belongs to another checklist or another version of it."""

    code = "interview_checklist_changed"


class UnknownWordsError(AmanaError):
    """There are no words for that key, or not in that language."""

    code = "screening_words_unknown"


class ChecklistTooWideError(ChecklistError):
    """Its conditions tell more ways apart than can be searched."""

    code = "checklist_too_wide"
