"""What two editions of a checklist differ in, by name."""

from collections.abc import Iterator

from attrs import fields

from protocols.screening.model import Checklist, Question

_PARTS = (
    "languages",
    "title",
    "sets",
    "sources",
    "reviewers",
    "validation",
    "not_observed",
    "combinations",
)


def differences(old: Checklist, new: Checklist) -> tuple[str, ...]:
    """The questions that were changed, added or removed, then the other parts; empty when the two
    are equal."""
    return tuple(dict.fromkeys(_differences(old, new)))


def _differences(old: Checklist, new: Checklist) -> Iterator[str]:
    for key, question in new.by_key.items():
        if key not in old.by_key:
            yield f"{key} (new)"
        elif question != old.by_key[key]:
            yield f"{key} ({', '.join(_fields(old.by_key[key], question))})"
    yield from (f"{key} (removed)" for key in old.by_key if key not in new.by_key)
    if _outline(old) != _outline(new):
        yield "sections"
    yield from (each for each in _PARTS if getattr(old, each) != getattr(new, each))
    if old.version != new.version:
        yield "version"


def _fields(old: Question, new: Question) -> Iterator[str]:
    names = (each.name for each in fields(Question))
    return (each for each in names if getattr(old, each) != getattr(new, each))


def _outline(checklist: Checklist) -> list[object]:
    """The sections without what stands in their questions."""
    return [
        (each.key, each.title, each.purpose, each.show_if, [one.key for one in each.questions])
        for each in checklist.sections
    ]
