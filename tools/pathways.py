"""Writes docs/pathways/*.pdf, a page for each country and language: `pathways.py [2026-11-25]`.

The day is the one printed on the pages; today when not given. A test holds the pages and the
country packages together: after changing a package or how pages look, run this and commit them.
"""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from protocols.countries.country import codes, country
from protocols.countries.model import LANGUAGES
from protocols.paper.pathway import pathway_pdf

OUT = Path(__file__).parent.parent / "docs" / "pathways"


def main() -> None:
    day = date.fromisoformat(sys.argv[1]) if len(sys.argv) > 1 else datetime.now(UTC).date()
    OUT.mkdir(exist_ok=True)
    for code in codes():
        for language in LANGUAGES:
            path = OUT / f"{code}-{language}.pdf"
            path.write_bytes(pathway_pdf(country(code), language, day))
            print(path.name)


if __name__ == "__main__":
    main()
