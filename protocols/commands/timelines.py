"""Timelines as tables that a person enjoys reading, in Arabic, French and English."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from rich import box
from rich.table import Table
from rich.text import Text

from protocols.audit.report import Seen

KINDS = {
    "submitted": ("أُرسلت", "envoyé", "submitted"),
    "offered": ("عُرضت", "proposé", "offered"),
    "opened": ("فُتحت", "ouvert", "opened"),
    "accepted": ("قُبلت", "accepté", "accepted"),
    "declined": ("رُفضت", "décliné", "declined"),
    "asked": ("سؤال", "question posée", "asked"),
    "answered": ("جواب", "réponse donnée", "answered"),
    "expired": ("انقضت المهلة", "délai expiré", "expired"),
    "in_service": ("قيد الخدمة", "pris en charge", "in service"),
    "handed_over": ("سُلّمت", "transmis", "handed over"),
    "closed": ("أُغلقت", "clos", "closed"),
    "feedback": ("إفادة", "compte rendu", "feedback"),
    "withdrawn": ("سُحبت", "retiré", "withdrawn"),
    "returned": ("أُعيدت", "renvoyé", "returned"),
    "unreadable": ("تعذّر فتحها", "illisible", "unreadable"),
    "resealed": ("أُعيد ختمها", "rescellé", "sealed anew"),
}
ROLES = {
    "field_worker": ("عامل ميداني", "agent de terrain", "field worker"),
    "provider_staff": ("مقدّم خدمة", "prestataire", "provider"),
    "coordinator": ("منسّق", "coordination", "coordinator"),
    "server": ("الخادم", "serveur", "server"),
}
HEADINGS = {
    "ar": ("#", "الخطوة", "من", "الوقت UTC", "بعد", "الإثبات"),
    "fr": ("n°", "étape", "qui", "heure UTC", "après", "preuve"),
    "en": ("#", "step", "who", "time UTC", "after", "proof"),
}
TITLES = {"ar": "الإحالة", "fr": "Orientation", "en": "Referral"}
UNKNOWN = {"ar": "غير معروف", "fr": "inconnu", "en": "unknown"}
_WHO = 2
_COLUMN = {"ar": 0, "fr": 1, "en": 2}
_COLOURS = {"accepted": "green", "closed": "green", "declined": "yellow", "expired": "red"}


def timeline_tables(seen: Iterable[Seen], language: str) -> Iterator[Table]:
    """One table a referral, in the order in which they were submitted."""
    by_referral: dict[str, list[Seen]] = {}
    for each in seen:
        by_referral.setdefault(each.event.referral, []).append(each)
    for name, events in by_referral.items():
        yield timeline_table(name, events, language)


def timeline_table(referral: str, events: Iterable[Seen], language: str) -> Table:
    """The events of one referral as a table with headings and codes in `language`; the day stands
    in the title where there is but one."""
    rows = tuple(events)
    days = {f"{each.received:%Y-%m-%d}" for each in rows}
    title = f"{TITLES[language]} {referral}"
    table = Table(
        title=f"{title} · {min(days)}" if len(days) == 1 else title,
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
        title_style="bold",
        header_style="bold cyan",
    )
    for place, heading in enumerate(HEADINGS[language]):
        table.add_column(heading, overflow="fold", no_wrap=place != _WHO)
    clock = "%H:%M:%S" if len(days) == 1 else "%Y-%m-%d %H:%M:%S"
    before: datetime | None = None
    for each in rows:
        waited = span(each.received - before) if before else ""
        table.add_row(*_cells(each, f"{each.received:{clock}}", waited, language))
        before = each.received
    return table


def _cells(each: Seen, when: str, waited: str, language: str) -> tuple[str | Text, ...]:
    column = _COLUMN[language]
    kind = str(each.event.kind)
    role = ROLES[each.role][column] if each.role in ROLES else UNKNOWN[language]
    who = f"{role} · {each.organisation}" if each.organisation else role
    if kind == "offered" and each.event.provider:
        who = f"{role} → {each.event.provider}"
    step = Text(KINDS[kind][column], style=_COLOURS.get(kind, ""))
    if each.event.reason:
        step.append(f"\n{each.event.reason}", style="dim")
    faults = ", ".join(each.faults)
    proof = Text(f"✗ {faults}", style="red") if faults else Text("✓", "green")
    return str(each.event.sequence), step, Text(who), when, waited, proof


def span(duration: timedelta) -> str:
    """A duration as its two largest units: `2d 4h`, `5m 3s`, `0s`."""
    seconds = max(0, int(duration.total_seconds()))
    parts: list[str] = []
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count or (unit == "s" and not parts):
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2])
