"""The demo's own check: no secret of its case is in the server's keeping or crossed the wire,
and the search that says so finds what must be there."""

from collections.abc import Iterable
from pathlib import Path

from attrs import frozen

from mobile.commands.demonstration.canaries import Hit, search, search_files, search_tables
from mobile.commands.demonstration.folder import Folder


@frozen
class Checked:
    """`hits`: secrets met where none may be. `blind`: what the search should have met and did
    not, which makes it worth nothing. `places` are the files searched, `size` their bytes."""

    secrets: int
    places: tuple[str, ...]
    size: int
    hits: tuple[Hit, ...]
    blind: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Nothing was found, by a search that can find."""
        return not self.hits and not self.blind


def write_canaries(secrets: Iterable[str], file: Path) -> None:
    """One secret a line, for `grep -F -f`."""
    file.write_text("".join(f"{each}\n" for each in secrets), encoding="utf-8")


def check(folder: Folder, secrets: tuple[str, ...], case: bytes, known: tuple[str, ...]) -> Checked:
    """Search the server's database and logs, the wire, the export and the phones' locked vaults
    for `secrets`.

    Controls: each secret must be found in `case`, the case as the phones hold it; and each of
    `known` (the referral's id, the providers' ids), which do travel, must be found in the
    database, on the wire both ways, and in the export.
    """
    export = folder / "export.jsonl"
    files = (*folder.server_files, *folder.wire_files, export, *folder.vault_files)
    hits = (*search_files(secrets, files), *search_tables(secrets, folder.database))
    return Checked(
        secrets=len(secrets),
        places=tuple(str(each.relative_to(folder.path)) for each in files),
        size=sum(each.stat().st_size for each in files),
        hits=hits,
        blind=_blind(folder, secrets, case, known),
    )


def _blind(
    folder: Folder, secrets: tuple[str, ...], case: bytes, known: tuple[str, ...]
) -> tuple[str, ...]:
    lost = _missing(secrets, search(secrets, case, "case"))
    missed = [f"line {secrets.index(each) + 1} of canaries.txt in the case" for each in lost]
    for file in (*folder.wire_files, folder / "export.jsonl"):
        found = search_files(known, [file])
        missed += [f"{name} in {file.name}" for name in _missing(known, found)]
    in_tables = search_tables(known, folder.database)
    missed += [f"{name} in {folder.database.name}" for name in _missing(known, in_tables)]
    return tuple(missed)


def _missing(wanted: Iterable[str], found: Iterable[Hit]) -> list[str]:
    met = {each.secret for each in found}
    return [each for each in wanted if each not in met]
