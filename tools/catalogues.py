"""Keep the app's catalogues in step with its code: `python tools/catalogues.py [--check]`.

Gathers every text of mobile/flows, mobile/screens, mobile/widgets, mobile/locale and mobile/app.py
that is said with `words(...)`, `.plural(...)` or `mark(...)` (in .kv files too), updates the .po
files and compiles the .mo files. With --check nothing is written, and what is out of step is named.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "mobile" / "locale"
SOURCES = ("flows", "screens", "widgets", "locale", "device", "app.py", "theme.py")
LANGUAGES = ("ar", "fr")
CODES = ("ar", "fr", "en")
"""`words("ar")` chooses a language and says nothing."""
WHEN = datetime(2026, 1, 1, tzinfo=UTC)
IN_KV = re.compile(r"""\b(?:words|say|mark)\(\s*(?P<quote>['"])(?P<text>.*?)(?<!\\)(?P=quote)""")
PLURALS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3"
    " : n%100>=11 ? 4 : 5);",
}
Message = str | tuple[str, str]


def sources(root: Path = ROOT) -> Iterator[Path]:
    """The files that may hold words."""
    for name in SOURCES:
        path = root / "mobile" / name
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from sorted(path.rglob("*.py"))
            yield from sorted(path.rglob("*.kv"))


def messages_in(path: Path) -> Iterator[Message]:
    """The texts of one file: a text, or the two forms of a plural."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".kv":
        for found in IN_KV.finditer(text):
            yield found["text"]
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            yield from _said(node)


def _said(call: ast.Call) -> Iterator[Message]:
    called = call.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    said = [each.value for each in call.args if isinstance(each, ast.Constant)]
    texts = [each for each in said if isinstance(each, str) and each not in CODES]
    if name in ("words", "say", "mark") or (name == "self" and texts):
        yield from texts[:1]
    elif name == "plural" and len(texts) == 2:
        yield texts[0], texts[1]


def template() -> Catalog:
    """Everything that is to be translated, once each."""
    catalogue = Catalog(project="Amana", charset="utf-8", creation_date=WHEN)
    for path in sources():
        for message in messages_in(path):
            catalogue.add(message)
    return catalogue


def updated(language: str, fresh: Catalog) -> Catalog:
    """The language's catalogue with exactly the template's texts; new ones are untranslated."""
    path = LOCALE / f"{language}.po"
    header = f'msgid ""\nmsgstr ""\n"Plural-Forms: {PLURALS[language]}\\n"\n'
    kept = path.read_text(encoding="utf-8") if path.exists() else header
    catalogue = read_po(io.StringIO(kept), locale=language)
    catalogue.update(fresh, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.project, catalogue.version = "Amana", "1"
    catalogue.creation_date = catalogue.revision_date = WHEN
    catalogue.last_translator = "Amana"
    catalogue.language_team = language
    catalogue.header_comment = "# The words of Amana's app."
    return catalogue


def as_po(catalogue: Catalog) -> bytes:
    """The .po file's bytes."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, no_location=True, sort_output=True)
    return out.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """The .mo file's bytes."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts without words, or with doubtful ones."""
    found = []
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and (message.fuzzy or not all(forms)):
            found.append(str(message.id))
    return found


def main(arguments: list[str]) -> int:
    """Update, or with --check only compare."""
    fresh, wrong = template(), []
    for language in LANGUAGES:
        catalogue = updated(language, fresh)
        for suffix, data in ((".po", as_po(catalogue)), (".mo", as_mo(catalogue))):
            path = LOCALE / f"{language}{suffix}"
            if path.exists() and path.read_bytes() == data:
                continue
            if "--check" in arguments:
                wrong.append(f"{path.name} is out of step; run python tools/catalogues.py")
            else:
                path.write_bytes(data)
        missing = untranslated(catalogue)
        print(f"{language}: {len(catalogue)} texts, {len(missing)} to translate")
        wrong += [f"{language}: no words for {each!r}" for each in missing]
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
