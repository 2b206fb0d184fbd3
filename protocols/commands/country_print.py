"""`amana country print`: a country's pathway on one page of paper."""

import os
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import click

from protocols.countries.country import country as package
from protocols.countries.model import LANGUAGES, Country
from protocols.errors import AmanaError


class PaperLibraryMissingError(AmanaError):
    """What draws pages isn't installed."""

    code = "paper_library_missing"


class PaperFileExistsError(AmanaError):
    """A file of that name is there already."""

    code = "paper_file_exists"


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
    if out.exists() and not force:
        raise PaperFileExistsError(f"{out} is there already; use another name, or --force")
    day = dated.date() if dated else datetime.now(UTC).astimezone().date()
    pdf = _drawn(found, language, day)
    _write_beside(out, pdf)
    click.echo(f"{out}: {found.name(language)}, {len(pdf)} bytes, one page.")


def _drawn(found: Country, language: str, day: date) -> bytes:
    try:
        # Phones and servers carry neither fpdf2 nor HarfBuzz.
        from protocols.paper.pathway import pathway_pdf  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise PaperLibraryMissingError(
            f"printing needs {error.name}: install amana[office] and try again"
        ) from error
    return pathway_pdf(found, language, day)


def _write_beside(out: Path, data: bytes) -> None:
    """Writes a file whole or not at all, however the program ends. Raises OSError naming `out`."""
    try:
        handle, name = tempfile.mkstemp(prefix=".page-", dir=out.parent)
        beside = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.chmod(0o644)
            beside.replace(out)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(out)) from error
