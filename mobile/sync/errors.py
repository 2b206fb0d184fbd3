"""What can go wrong between phone and server, by what the phone should do next."""

from protocols.errors import AmanaError
from protocols.messages import Problem


class SyncError(AmanaError):
    """An exchange with the server that did not succeed; the vault is as it was before."""

    code = "sync"


class OfflineError(SyncError):
    """No answer came: no network, no such host, cut off, or too slow. Try again later."""

    code = "offline"


class ServerTroubleError(SyncError):
    """The server answered that it cannot now (5xx, 429). Try again after `retry_after` seconds,
    if it said so."""

    code = "server_trouble"

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RefusedError(SyncError):
    """The server understood and said no (4xx). `problem` says why; trying the same again is
    useless."""

    code = "refused"

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code}: {problem.detail}; {problem.advice}")
        self.problem = problem


class HostileAnswerError(SyncError):
    """The answer is not what an honest server sends: garbage, a false proof, a foreign signature.
    Nothing of it was kept."""

    code = "hostile_answer"


class GarbledAnswerError(HostileAnswerError):
    """What came is not in the form that answers have."""

    code = "garbled_answer"


class OversizeAnswerError(HostileAnswerError):
    """More came than any honest answer holds; the rest was not read."""

    code = "oversize_answer"


class SlowAnswerError(HostileAnswerError):
    """The answer comes so slowly that it would never end; the line was cut."""

    code = "slow_answer"


class RedirectedError(HostileAnswerError):
    """The server wants this phone to go to another address; it does not."""

    code = "redirected"


class UnknownServerError(HostileAnswerError):
    """A checkpoint that no certified server of this country signed for this log."""

    code = "unknown_server"


class FalseWitnessError(HostileAnswerError):
    """A checkpoint with a cosignature that its witness did not make."""

    code = "false_witness"


class OlderLogError(HostileAnswerError):
    """The log as it was before what this phone has seen: what came since is hidden."""

    code = "older_log"


class AlteredEventError(HostileAnswerError):
    """An event that is not the one the log holds."""

    code = "altered_event"


class DisorderedPageError(HostileAnswerError):
    """Events out of the log's order, doubled, or beyond its end."""

    code = "disordered_page"


class LeftOutError(HostileAnswerError):
    """Events are missing that the log must hold."""

    code = "events_left_out"


class StrangeEnvelopeError(HostileAnswerError):
    """An envelope that no event names for this phone."""

    code = "strange_envelope"


class OtherReferralError(HostileAnswerError):
    """Another referral's events than were asked for."""

    code = "other_referral"


class BadReceiptError(HostileAnswerError):
    """A receipt that does not prove the log holds what was sent; the item keeps waiting."""

    code = "bad_receipt"


class LogForkError(HostileAnswerError):
    """The server's log is not an extension of the one this phone saw before: history was
    rewritten, split or rolled back. Both checkpoints are kept as evidence; tell a coordinator."""

    code = "log_fork"


class DirectoryRollbackError(HostileAnswerError):
    """The server offers an older directory than this phone has seen, or another one of the same
    number."""

    code = "directory_rollback"


class DirectoryInvalidError(HostileAnswerError):
    """A directory that the country's authority did not sign as it stands."""

    code = "directory_invalid"


class ForeignCertificateError(DirectoryInvalidError):
    """A certificate or revocation that does not chain to the programme's root."""

    code = "foreign_certificate"


class ForgedSealingKeyError(DirectoryInvalidError):
    """A sealing key that its device did not sign; nothing is ever sealed to it."""

    code = "forged_sealing_key"


class EditionError(SyncError):
    """An edition of a checklist that the directory names and that is not used; the one before it
    stays in use."""

    code = "edition"


class EditionAlteredError(EditionError):
    """Bytes that are not those the directory names."""

    code = "edition_altered"


class EditionConflictError(EditionError):
    """Another file than the one on this phone, under the same id and version."""

    code = "edition_conflict"


class EditionMismatchError(EditionError):
    """A file that calls itself otherwise than the directory calls it."""

    code = "edition_mismatch"


class EditionOlderError(EditionError):
    """A directory that goes back to an older edition than it named before."""

    code = "edition_older"


class EditionUnusableError(EditionError):
    """An edition that this app cannot read or run: a newer app may."""

    code = "edition_unusable"
