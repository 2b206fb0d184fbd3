"""The lifecycle: steps as the machine needs them, where each leads, or why it is refused."""

from datetime import timedelta
from typing import Any

from attrs import evolve

from protocols.plain import format_time, to_plain
from protocols.referral.lifecycle import Referral, Step, StepRefusedError, apply, next_server_step
from tools.vectors.cast import HOUR, NORTH, SENDER, SOUTH, START, id_of

MINUTE = timedelta(minutes=1)
BY = {
    "inspector": ("field_worker", SENDER),
    "coordinator": ("coordinator", SENDER),
    "north": ("provider_staff", NORTH),
    "north-2": ("provider_staff", NORTH),
    "north-3": ("provider_staff", NORTH),
    "south": ("provider_staff", SOUTH),
    "server": ("server", None),
}
Wanted = tuple[str, str, int, dict[str, Any]]
"""Who does what, how many minutes after the beginning, and the step's other fields."""

FIRST: Wanted = (
    "inspector",
    "submitted",
    0,
    {"shortlist": (NORTH, SOUTH), "respond_within": 60},
)
OFFERED: Wanted = ("server", "offered", 1, {"provider": NORTH})
STORIES: dict[str, tuple[Wanted, ...]] = {
    "accepted and closed": (
        FIRST,
        OFFERED,
        ("north", "opened", 5, {}),
        ("north", "asked", 6, {}),
        ("inspector", "answered", 8, {}),
        ("north", "accepted", 60, {}),
        ("south", "accepted", 61, {}),
        ("north", "in_service", 62, {}),
        ("north", "closed", 90, {}),
        ("north", "closed", 90, {"reason": "completed"}),
        ("north", "feedback", 95, {}),
        ("inspector", "withdrawn", 99, {}),
    ),
    "declined, then the deadline, then returned": (
        FIRST,
        ("server", "offered", 1, {"provider": SOUTH}),
        OFFERED,
        ("south", "opened", 2, {}),
        ("north", "declined", 3, {}),
        ("north", "declined", 3, {"reason": "no_places"}),
        ("server", "returned", 4, {}),
        ("server", "offered", 4, {"provider": SOUTH}),
        ("server", "expired", 63, {"provider": SOUTH}),
        ("south", "opened", 63, {}),
        ("south", "accepted", 64, {}),
        ("server", "expired", 64, {"provider": SOUTH}),
        ("south", "opened", 65, {}),
        ("server", "returned", 66, {}),
        ("inspector", "withdrawn", 67, {}),
    ),
    "who may not": (
        ("server", "offered", 0, {"provider": NORTH}),
        ("north", "submitted", 0, {"shortlist": (NORTH,), "respond_within": 60}),
        ("inspector", "submitted", 0, {"shortlist": (), "respond_within": 60}),
        ("inspector", "submitted", 0, {"shortlist": (NORTH,), "respond_within": 61}),
        FIRST,
        ("inspector", "opened", 1, {}),
        ("north", "offered", 1, {"provider": NORTH}),
        OFFERED,
        ("coordinator", "opened", 2, {}),
        ("inspector", "answered", 2, {}),
        ("north", "accepted", 2, {}),
        ("north", "vanished", 2, {}),
        ("inspector", "withdrawn", 3, {"reason": "Changed Her Mind"}),
        ("inspector", "withdrawn", 3, {}),
    ),
    "sealed anew for a colleague": (
        FIRST,
        OFFERED,
        ("north", "opened", 2, {}),
        ("north-2", "resealed", 3, {"provider": NORTH}),
        ("inspector", "resealed", 3, {"provider": NORTH}),
        ("north-2", "unreadable", 4, {}),
        ("north-2", "unreadable", 5, {}),
        ("south", "resealed", 5, {"provider": NORTH}),
        ("north", "resealed", 6, {}),
        ("north", "resealed", 6, {"provider": SOUTH}),
        ("north", "resealed", 6, {"provider": NORTH}),
        ("north-2", "opened", 7, {}),
        ("north", "accepted", 8, {}),
        ("north-3", "unreadable", 9, {}),
        ("inspector", "resealed", 10, {"provider": NORTH}),
        ("inspector", "resealed", 11, {"provider": NORTH}),
    ),
    "unreadable at one, offered to the next": (
        FIRST,
        OFFERED,
        ("north", "unreadable", 2, {}),
        ("server", "offered", 3, {"provider": SOUTH}),
        ("south", "opened", 4, {}),
        ("south", "accepted", 5, {}),
        ("south", "handed_over", 6, {}),
        ("south", "closed", 7, {"reason": "handed_over"}),
    ),
}


def make() -> dict[str, Any]:
    """`docs/vectors/lifecycle.json`."""
    return {
        "about": "Each story begins with no referral. A step with a `rule` is refused and changes"
        " nothing; else `state`, `deadline` and the step that the server then owes (`next`, an"
        " hour later `late`) are given.",
        "stories": [{"name": name, "steps": _told(steps)} for name, steps in STORIES.items()],
    }


def _told(steps: tuple[Wanted, ...]) -> list[dict[str, Any]]:
    referral: Referral | None = None
    told = []
    for who, kind, minutes, rest in steps:
        role, organisation = BY[who]
        step = Step(
            kind=kind,
            actor=id_of(who),
            role=role,
            at=START + minutes * MINUTE,
            organisation=organisation,
        )
        step = evolve(step, **rest)
        try:
            referral = apply(referral, step)
            after = _standing(referral, step)
        except StepRefusedError as refused:
            after = {"rule": refused.rule}
        told.append({"step": to_plain(step), **after})
    return told


def _standing(referral: Referral, step: Step) -> dict[str, Any]:
    deadline = referral.deadline
    return {
        "rule": None,
        "state": str(referral.state),
        "deadline": None if deadline is None else format_time(deadline),
        "next": to_plain(next_server_step(referral, step.at)),
        "late": to_plain(next_server_step(referral, step.at + 2 * HOUR)),
    }
