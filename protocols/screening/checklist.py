"""The checklists of this installation: which there are, and one by its id.

What a checklist is made of is in `model` (re-exported here), its file format in `checklist_file`.
"""

from functools import cache
from importlib.resources import files

from protocols.screening.checklist_file import read_checklist
from protocols.screening.errors import UnknownChecklistError
from protocols.screening.model import (
    LANGUAGES,
    Band,
    Checklist,
    Choice,
    Combination,
    Effect,
    Gate,
    Kind,
    Purpose,
    Question,
    Section,
    Text,
    Voice,
)

__all__ = [
    "LANGUAGES",
    "Band",
    "Checklist",
    "Choice",
    "Combination",
    "Effect",
    "Gate",
    "Kind",
    "Purpose",
    "Question",
    "Section",
    "Text",
    "Voice",
    "available",
    "load",
    "packaged",
]


def available() -> tuple[str, ...]:
    """The ids of the checklists in this installation, sorted."""
    folder = files("protocols.screening").joinpath("checklists")
    names = (each.name for each in folder.iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in names if name.endswith(".json")))


def packaged(checklist_id: str) -> bytes:
    """The bytes of the file of that id in this installation. Raises UnknownChecklistError."""
    if checklist_id not in available():
        raise UnknownChecklistError(
            f"no checklist {checklist_id[:60]!r}; there are: {', '.join(available()) or 'none'}"
        )
    folder = files("protocols.screening").joinpath("checklists")
    return folder.joinpath(f"{checklist_id}.json").read_bytes()


@cache
def load(checklist_id: str) -> Checklist:
    """The packaged checklist of that id, such as "labour_inspector-adult".

    Raises UnknownChecklistError, or another ChecklistError if its file is damaged.
    """
    found = read_checklist(packaged(checklist_id))
    if found.id != checklist_id:
        raise UnknownChecklistError(f"the file {checklist_id}.json holds {found.id!r}; rename it")
    return found
