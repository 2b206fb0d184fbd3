"""What the use cases of a phone refuse, each with the way out."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from protocols.errors import AmanaError
from protocols.referral.lifecycle import AlreadyAcceptedError, StepRefusedError


class NotEnrolledError(AmanaError):
    """The phone belongs to no organisation yet."""

    code = "not_enrolled"


class LockedError(AmanaError):
    """The vault is locked: its keys are not in memory."""

    code = "locked"


class WrongRootError(AmanaError):
    """The server shows another programme root than the invitation names."""

    code = "wrong_root"


class InvitationUnusableError(AmanaError):
    """The invitation cannot be used: expired, malformed, or another one is in progress."""

    code = "invitation_unusable"


class EnrolmentRefusedError(AmanaError):
    """What the server returned as this phone's certificate is not what it asked for."""

    code = "enrolment_mismatch"


class EnrolmentAnswerError(AmanaError):
    """A file that is no answer to this phone's enrolment, or is for another phone."""

    code = "enrolment_answer"


class EnrolmentFileNotWrittenError(AmanaError):
    """The request's file could not be written, or the answer's not be read."""

    code = "enrolment_file_storage"


class InvitingError(AmanaError):
    """This phone may not invite, or not so."""

    code = "inviting"


class UnknownRecordError(AmanaError):
    """No screening, referral or item of that id is in this vault."""

    code = "unknown_record"


class PracticeError(AmanaError):
    """Practice work never leaves the phone."""

    code = "practice_not_sent"


class CaseDoesNotFitError(AmanaError):
    """No edition of the checklist on this phone fits the practice case."""

    code = "practice_case_does_not_fit"


class AlreadySentError(AmanaError):
    """This screening was sent already."""

    code = "already_sent"


class ConsentMismatchError(AmanaError):
    """The consent is for another referral, or lacks one of the providers chosen."""

    code = "consent_mismatch"


class NobodyCanOpenError(AmanaError):
    """A chosen provider has no device with a current sealing key."""

    code = "nobody_can_open"


class NoDirectoryError(AmanaError):
    """The phone has no directory yet."""

    code = "no_directory"


class DirectoryExpiredError(AmanaError):
    """The directory on this phone is past its date."""

    code = "directory_expired"

    def __init__(self, expired: datetime) -> None:
        super().__init__(
            f"the directory on this phone expired on {expired:%Y-%m-%d}; connect and sync"
        )
        self.expired = expired


class NotAllowedNowError(AmanaError):
    """The lifecycle does not allow this step now. `rule` is the lifecycle's stable slug (see
    `protocols.referral.lifecycle.RULES`), `provider` who accepted first, where that is why."""

    code = "not_allowed_now"

    def __init__(self, refused: StepRefusedError) -> None:
        super().__init__(str(refused))
        self.rule = refused.rule
        self.provider = refused.provider if isinstance(refused, AlreadyAcceptedError) else None


class ClockWrongError(AmanaError):
    """This phone's date is so wrong that certificates seem over, or not begun."""

    code = "clock_wrong"

    def __init__(self, off: timedelta) -> None:
        super().__init__(
            f"this phone's clock is {abs(off)} {'behind' if off > timedelta(0) else 'ahead of'} the"
            " server's; set date and time, then sync"
        )


class UnreadableError(AmanaError):
    """The envelope cannot be opened on this phone; the sender is told."""

    code = "unreadable_envelope"


class TimelineUnprovenError(AmanaError):
    """A referral's steps do not follow from each other, or somebody signed who may not."""

    code = "timeline_unproven"


class EnvelopeWithheldError(AmanaError):
    """The record names something sealed for this phone that the server does not give."""

    code = "envelope_withheld"


class ColleagueHasItError(UnreadableError):
    """This phone cannot open the case, a colleague's may: nothing is sent. `names` are the labels
    of those phones."""

    code = "colleague_has_it"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"this phone cannot open the case, but {', '.join(names)} may; ask a colleague to open"
            " it there and to share it, or say that nobody here can open it"
        )
        self.names = tuple(names)


class NobodyHasItError(UnreadableError):
    """This phone cannot open a case in this provider's hands, and no colleague's is known to."""

    code = "nobody_has_it"


class CaseElsewhereError(UnknownRecordError):
    """The case itself is on the phone that sent it, and nowhere else on this side."""

    code = "case_elsewhere"


class CannotShareError(AmanaError):
    """A device was named that the case cannot be sealed to: not of the provider's staff now, or
    without a current sealing key."""

    code = "cannot_share"


class SealingKeyWithheldError(AmanaError):
    """The server does not give out this phone's published sealing keys."""

    code = "sealing_key_withheld"
