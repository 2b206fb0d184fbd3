"""The app's words in Arabic, French and English: `words("ar")`.

English is in the code; Arabic and French are in `ar.po` and `fr.po`, compiled beside them by
`tools/catalogues.py`.
"""

from mobile.locale.words import LANGUAGES, Words, mark, words

__all__ = ["LANGUAGES", "Words", "mark", "words"]
