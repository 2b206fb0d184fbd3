"""What must be said with a fact, in the reader's language: whether anybody verified it."""

from protocols.countries.model import Fact, Hotline

_VERIFIED = {
    "ar": "تحقّق منه {by} في {on}",
    "fr": "vérifié par {by} le {on}",
    "en": "verified by {by} on {on}",
}
_UNVERIFIED = {
    "ar": "لم يتحقّق منه أحد؛ قُرئ في {read}",
    "fr": "vérifié par personne ; lu le {read}",
    "en": "verified by nobody; read on {read}",
}
_OLD_NUMBER = {
    "ar": "نُشر في {year} ولم يُتحقّق منه منذ ذلك",
    "fr": "publié en {year}, non vérifié depuis",
    "en": "published {year}, not verified since",
}
LABELS = {
    "country": {"ar": "البلد", "fr": "pays", "en": "country"},
    "code": {"ar": "الرمز", "fr": "code", "en": "code"},
    "divisions": {"ar": "التقسيمات", "fr": "divisions", "en": "divisions"},
    "hotlines": {"ar": "الخطوط الساخنة", "fr": "lignes d’appel", "en": "hotlines"},
    "facts": {"ar": "المعلومات", "fr": "faits", "en": "facts"},
    "verified": {"ar": "متحقَّق منها", "fr": "vérifiés", "en": "verified"},
    "not_known": {"ar": "غير معروف", "fr": "non connu", "en": "not known"},
    "number": {"ar": "الرقم", "fr": "numéro", "en": "number"},
    "operator": {"ar": "من يجيب", "fr": "qui répond", "en": "who answers"},
    "purpose": {"ar": "الغرض", "fr": "objet", "en": "for what"},
    "state": {"ar": "الحالة", "fr": "état", "en": "state"},
    "pathway": {"ar": "المسار", "fr": "parcours", "en": "pathway"},
    "population": {"ar": "لمن", "fr": "pour", "en": "for"},
    "step": {"ar": "الخطوة", "fr": "étape", "en": "step"},
    "source": {"ar": "المصدر", "fr": "source", "en": "source"},
    "laws_and_bodies": {
        "ar": "القوانين والهيئات",
        "fr": "lois et organes",
        "en": "laws and bodies",
    },
    "known": {"ar": "ما هو معروف", "fr": "ce qui est connu", "en": "what is known"},
    "adult": {"ar": "بالغ", "fr": "adulte", "en": "adult"},
    "child": {"ar": "طفل", "fr": "enfant", "en": "child"},
    "all": {"ar": "الجميع", "fr": "tous", "en": "all"},
    "national": {
        "ar": "آلية البلد نفسه",
        "fr": "mécanisme du pays",
        "en": "the country's own mechanism",
    },
    "general": {
        "ar": "ترتيب عام، ليس آلية البلد",
        "fr": "ordre général, non le mécanisme du pays",
        "en": "a general order, not the country's mechanism",
    },
}
"""Short words around the facts, by what they name and language."""


def verification_text(fact: Fact, language: str) -> str:
    """By whom and when a fact was verified, or that nobody did and when it was read. `language`:
    ar, fr or en."""
    if fact.verified:
        return _VERIFIED[language].format(by=fact.verified_by, on=fact.verified_on)
    return _UNVERIFIED[language].format(read=fact.source.read)


def hotline_text(line: Hotline, language: str) -> str:
    """What must stand beside a number wherever it is shown. `language`: ar, fr or en."""
    if line.verified:
        return verification_text(line, language)
    return _OLD_NUMBER[language].format(year=line.published[:4])
