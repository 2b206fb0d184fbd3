"""What presenters refuse before any work is begun, each with the way out."""

from protocols.errors import AmanaError


class PinsDifferError(AmanaError):
    """The PIN was not repeated the same."""

    code = "pins_differ"


class NothingChosenError(AmanaError):
    """Something must be chosen or written first."""

    code = "nothing_chosen"


class NotANumberError(AmanaError):
    """A whole number was asked for, and something else was written."""

    code = "not_a_number"


class NotConsentedError(AmanaError):
    """Consent was not recorded, or a provider was left without it."""

    code = "not_consented"


class NotAsCopiedError(AmanaError):
    """A word of a recovery sheet that was asked for is not the one shown."""

    code = "not_as_copied"

    def __init__(self, position: int) -> None:
        super().__init__(f"word {position} is another on the sheet; look at it again")
        self.position = position
