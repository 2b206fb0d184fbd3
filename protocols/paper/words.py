"""The words of a printed page that are not a country's own, in its three languages."""

WORDS: dict[str, dict[str, str]] = {
    "title": {
        "ar": "مسار مساعدة الضحايا المفترضين للاتجار بالأشخاص",
        "fr": "Parcours d’aide aux victimes présumées de la traite des personnes",
        "en": "The way to help for presumed victims of trafficking in persons",
    },
    "principle": {
        "ar": "عامِل الشخص بوصفه ضحية مفترضة إلى أن يُتعرّف إليه رسميًا. إن جُهلت سنّه "
        "فعامله معاملة الطفل. اطلب موافقته قبل أن تنقل عنه شيئًا.",
        "fr": "Traitez la personne comme victime présumée jusqu’à son identification officielle. "
        "Âge inconnu : traitez-la comme un enfant. Demandez son accord avant de transmettre "
        "quoi que ce soit.",
        "en": "Treat the person as a presumed victim until formal identification. Age not known: "
        "treat the person as a child. Ask for consent before you pass anything on.",
    },
    "unverified": {
        "ar": "لم يتحقّق أحد من هذه المعلومة",
        "fr": "fait que personne n’a vérifié",
        "en": "nobody verified this fact",
    },
    "is_verified": {
        "ar": "معلومة متحقَّق منها",
        "fr": "fait vérifié",
        "en": "verified fact",
    },
    "by": {
        "ar": "تحقّق منها:",
        "fr": "vérifié par :",
        "en": "verified by:",
    },
    "source_number": {
        "ar": "رقم المصدر في أسفل الصفحة",
        "fr": "numéro de la source, en bas de page",
        "en": "number of the source, at the foot of the page",
    },
    "pathway": {
        "ar": "المسار خطوة بخطوة",
        "fr": "Le parcours, étape par étape",
        "en": "The way, step by step",
    },
    "who": {"ar": "من يتولاها:", "fr": "Qui :", "en": "Who:"},
    "within": {"ar": "المهلة:", "fr": "Délai :", "en": "By when:"},
    "caution": {"ar": "احذر:", "fr": "Attention :", "en": "Caution:"},
    "not_known_who": {"ar": "غير معروف", "fr": "non connu", "en": "not known"},
    "not_known_within": {"ar": "غير معروفة", "fr": "non connu", "en": "not known"},
    "not_known": {"ar": "غير معروف", "fr": "Non connu", "en": "Not known"},
    "adult": {"ar": "بالغ", "fr": "adulte", "en": "adult"},
    "child": {"ar": "طفل", "fr": "enfant", "en": "child"},
    "all": {"ar": "الجميع", "fr": "tous", "en": "everyone"},
    "general": {
        "ar": "ترتيب عام، وليس آلية البلد نفسه.",
        "fr": "Ordre général, non le mécanisme du pays.",
        "en": "A general order, not the country’s own mechanism.",
    },
    "national": {
        "ar": "آلية البلد نفسه.",
        "fr": "Le mécanisme du pays.",
        "en": "The country’s own mechanism.",
    },
    "hotlines": {"ar": "خطوط الاتصال", "fr": "Lignes d’appel", "en": "Lines to call"},
    "free": {"ar": "مجاني", "fr": "gratuit", "en": "free of charge"},
    "not_free": {"ar": "غير مجاني", "fr": "payant", "en": "not free of charge"},
    "free_not_known": {
        "ar": "لا يُعرف هل هو مجاني",
        "fr": "gratuité non connue",
        "en": "not known whether free of charge",
    },
    "coordinating": {
        "ar": "جهة التنسيق",
        "fr": "Organe de coordination",
        "en": "Coordinating body",
    },
    "bodies": {"ar": "جهات أخرى", "fr": "Autres acteurs", "en": "Others with a part"},
    "reflection": {
        "ar": "مهلة التعافي والتفكير",
        "fr": "Délai de rétablissement et de réflexion",
        "en": "Recovery and reflection period",
    },
    "days": {"ar": "عدد الأيام: {days}.", "fr": "{days} jours.", "en": "{days} days."},
    "languages": {
        "ar": "لغات الإدارة",
        "fr": "Langues de l’administration",
        "en": "Working languages",
    },
    "laws": {"ar": "القوانين", "fr": "Lois", "en": "Laws"},
    "article": {"ar": "المادة {number}:", "fr": "Art. {number} :", "en": "Art. {number}:"},
    "sources": {
        "ar": "المصادر، قُرئت في {read}",
        "fr": "Sources, lues le {read}",
        "en": "Sources, read on {read}",
    },
    "sources_apart": {
        "ar": "المصادر، قُرئت بين {first} و{last}",
        "fr": "Sources, lues entre le {first} et le {last}",
        "en": "Sources, read between {first} and {last}",
    },
    "disclaimer": {
        "ar": "هذه الصفحة ليست مشورة قانونية. المعلومات التي تحمل العلامة ○ لم يتحقّق منها أحد: "
        "تأكّد منها قبل أن تعتمد عليها.",
        "fr": "Cette page n’est pas un avis juridique. Les faits marqués ○ n’ont été vérifiés par "
        "personne : assurez-vous-en avant de vous y fier.",
        "en": "This page is no legal advice. Facts marked ○ were verified by nobody: make sure of "
        "them before you rely on them.",
    },
    "edition": {
        "ar": "Amana · {code} · الإصدار {version} من المعلومات · طُبعت في {printed}",
        "fr": "Amana · {code} · édition {version} des faits · imprimé le {printed}",
        "en": "Amana · {code} · edition {version} of the facts · printed on {printed}",
    },
}
"""Words by what they say and language."""

ARTICLES = {"TN": "الفصل {number}:"}
"""How a country's laws number their articles in Arabic, where it is not `article`."""

LANGUAGE_NAMES: dict[str, dict[str, str]] = {
    "ar": {"ar": "العربية", "fr": "arabe", "en": "Arabic"},
    "fr": {"ar": "الفرنسية", "fr": "français", "en": "French"},
    "tzm": {"ar": "الأمازيغية", "fr": "amazighe", "en": "Amazigh"},
}
"""Names of languages by code of BCP 47; a code that isn't here is printed itself."""
