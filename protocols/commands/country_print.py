"""`amana country print`: a country's pathway on one page of paper."""

from datetime import UTC, date, datetime
from pathlib import Path

import click

from protocols.commands.files import OfficeMissingError, refuse_to_overwrite, write_whole
from protocols.countries.country import country as package
from protocols.countries.model import LANGUAGES, Country


@click.command("print")
@click.argument("code")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file to write.")
@click.option(
    "--dated",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day that is printed on the page; today when not given.",
)
@click.option("--force", is_flag=True, help="Write over a file of that name.")
def print_(code: str, language: str, out: Path, dated: datetime | None, force: bool) -> None:
    """Write the pathway of the country CODE (EG, LY, MA or TN) as a page to hang up (PDF, A4).

    The same edition, language and day give the same file. What nobody verified is marked on it.

    Example: amana country print TN --language ar --out TN-ar.pdf
    """
    found = package(code.upper())
    refuse_to_overwrite(out, force)
    day = dated.date() if dated else datetime.now(UTC).astimezone().date()
    pdf = _drawn(found, language, day)
    write_whole(out, pdf)
    click.echo(f"{out}: {found.name(language)}, {len(pdf)} bytes, one page.")


def _drawn(found: Country, language: str, day: date) -> bytes:
    try:
        # Phones and servers carry neither fpdf2 nor HarfBuzz.
        from protocols.paper.pathway import pathway_pdf  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise OfficeMissingError("printing", error) from error
    return pathway_pdf(found, language, day)
