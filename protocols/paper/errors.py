"""What the paper room refuses, by name."""

from protocols.errors import AmanaError


class PaperError(AmanaError):
    """A page cannot be made. Subclasses say why; the message names the words."""

    code = "paper"


class PaperTextError(PaperError):
    """A text holds a character that steers instead of saying, or that the typeface lacks."""

    code = "paper_text"


class PaperWidthError(PaperError):
    """A word is wider than the place for it, even at the smallest size that can be read."""

    code = "paper_width"


class PaperFullError(PaperError):
    """The facts do not fit on one page at the smallest size that can be read."""

    code = "paper_full"
