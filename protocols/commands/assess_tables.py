"""The tables beside the four ILO/EC sets, as `amana assess` shows them: the ILO's eleven, UNODC's
signs, and forms of exploitation with what names them."""

from typing import Any

from rich.console import Console
from rich.table import Table

from protocols.commands.showing import folded
from protocols.plain import to_plain
from protocols.screening.forced_labour import forced_labour
from protocols.screening.instruments import instruments
from protocols.screening.unodc import unodc
from protocols.screening.vocabulary import CHILD_FORMS
from protocols.screening.words import eleven_text, form_text, ic_tip


def plain_tables() -> dict[str, Any]:
    """All three, JSON-ready: `ilo_eleven`, `unodc`, `forms`."""
    return {
        "ilo_eleven": to_plain(forced_labour()),
        "unodc": to_plain(unodc()),
        "forms": {form: _form(form) for form in instruments().forms},
    }


def _form(form: str) -> dict[str, Any]:
    known = instruments().instruments
    return {
        "text": {language: form_text(form, language) for language in ("ar", "fr", "en")},
        "ic_tip": ic_tip(form),
        "children_only": form in CHILD_FORMS,
        "named_in": [
            {"title": known[name].title, "article": article, "read": known[name].read}
            for name, article in instruments().forms[form]
        ],
    }


def print_tables(language: str, console: Console) -> None:
    """All three for people, in a language."""
    for table in (_eleven(language), *_signs(language), _forms(language)):
        console.print(folded(table))


def _eleven(language: str) -> Table:
    table = Table("indicator", "fed by")
    table.title = f"ilo_eleven: {forced_labour().source.citation}"
    for name, feeds in forced_labour().eleven.items():
        table.add_row(f"[bold]{name}[/]\n  {eleven_text(name, language)}", "\n".join(feeds))
    return table


def _signs(language: str) -> list[Table]:
    found = []
    for name, sector in unodc().sectors.items():
        table = Table("sign", "also fed by")
        table.title = f"unodc, {name}: {unodc().citation(name)}"
        for sign in sector.signs:
            words = f"[bold]{name}.{sign.key}[/]\n  {sign.text[language]}"
            table.add_row(words, "\n".join(sign.fed_by))
        found.append(table)
    return found


def _forms(language: str) -> Table:
    table = Table("form", "named in", "IC-TIP")
    table.title = "forms of exploitation"
    known = instruments().instruments
    for form, cited in instruments().forms.items():
        lines = [
            f"{known[name].title}, {article} (read: {known[name].read})" for name, article in cited
        ]
        words = f"[bold]{form}[/]\n  {form_text(form, language)}"
        table.add_row(words, "\n".join(lines), ic_tip(form) or "no code read")
    return table
