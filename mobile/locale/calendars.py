"""Names of days and months (Unicode CLDR 46). Arabic months differ by country: Tunisia and Morocco
have names of their own, Egypt and Libya share one list."""

DAYS = {
    "ar": ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
"""Language -> Monday to Sunday."""

_AR = "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"
_AR_TN = "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر"
_AR_MA = "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر"
_FR = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
_EN = "January February March April May June July August September October November December"

MONTHS = {
    "ar": tuple(_AR.split()),
    "ar-TN": tuple(_AR_TN.split()),
    "ar-MA": tuple(_AR_MA.split()),
    "fr": tuple(_FR.split()),
    "en": tuple(_EN.split()),
}
"""Language, or language and country -> January to December."""


def months(language: str, country: str | None) -> tuple[str, ...]:
    """The months' names as a country says them, else as the language does."""
    return MONTHS.get(f"{language}-{country}") or MONTHS[language]
