"""What the countries room refuses, by name."""

from protocols.errors import AmanaError


class CountryError(AmanaError):
    """A country package cannot be used. Subclasses say why; the message says where in the file."""

    code = "country_damaged"


class UnknownCountryError(CountryError):
    """No package of that country is in this installation."""

    code = "country_unknown"


class UnknownDivisionError(CountryError):
    """The country has no division of that code."""

    code = "division_unknown"


class CountryFormatError(CountryError):
    """A field is missing, superfluous, of the wrong type or out of place."""

    code = "country_format"


class CountryTextError(CountryError):
    """A text lacks Arabic, French or English, or has another language."""

    code = "country_text_missing"


class NumberInTextError(CountryError):
    """A text holds a telephone number: there it would be shown without saying who verified it."""

    code = "country_number_in_text"


class CountryDoubleError(CountryError):
    """Two facts of one kind, two steps or two divisions share a key."""

    code = "country_double"


class SourceError(CountryError):
    """A fact without a usable source: no title, no date of reading, no such address."""

    code = "country_source"


class VerificationError(CountryError):
    """A fact says it is verified without saying by whom and when, or the other way round."""

    code = "country_verification"


class GapError(CountryError):
    """Something is empty and the file does not say so, or says so of what is there."""

    code = "country_gap"
