"""docs/lifecycle.md: the drawing and the table of who may, read from the page itself, and its
rules written out."""

import re
from datetime import datetime, timedelta
from pathlib import Path

from .plain import moment

PAGE = (Path(__file__).parents[3] / "docs" / "lifecycle.md").read_text(encoding="utf-8")
ARROW = re.compile(r"^    (\w+) --> (\w+): ([\w, ]+)$", re.MULTILINE)
MOVES = {
    (kind, before): after
    for before, after, kinds in ARROW.findall(PAGE)
    for kind in kinds.split(", ")
}
KINDS = {kind for kind, _ in MOVES}
WHO = re.compile(
    r"^\| (a field worker|staff of the provider|the country's server|a device of that provider)"
    r"[^|]*\| (.+) \|$"
)
MAY = {
    kind: role
    for line in PAGE.splitlines()
    if (found := WHO.match(line))
    for kind in re.findall(r"`(\w+)`", found[2])
    for role in (found[1],)
}
SENDER, STAFF, SERVER = "a field worker", "staff of the provider", "the country's server"
EITHER = "a device of that provider"
ENDED = {"closed", "withdrawn", "returned"}
OPEN = {"offered", "opened", "asked"}
TAKEN = {"accepted", "in_service", "handed_over"}


class Case:
    """One referral as it goes on."""

    def __init__(self) -> None:
        self.state = ""
        self.sender: str | None = None
        self.shortlist: list[str] = []
        self.minutes = 0
        self.holder: str | None = None
        self.tried: list[str] = []
        self.deadline: datetime | None = None
        self.taken_by: str | None = None
        self.openers: set[str] = set()
        self.waiting: set[str] = set()
        self.asked = False

    def rule_against(self, step: dict) -> str | None:
        """The first rule of the page that the step breaks, in the page's order."""
        kind, before = step["kind"], self.state or "sealed"
        if not self.state and kind != "submitted":
            return "not_submitted" if kind in KINDS else "unknown_kind"
        if kind not in KINDS:
            return "unknown_kind"
        late = self.deadline is not None and moment(step["at"]) >= self.deadline
        return (
            self._against_actor(step)
            or self._against_state(step, before, late)
            or self._against_fields(step)
        )

    def _against_actor(self, step: dict) -> str | None:
        who, role, organisation = MAY[step["kind"]], step["role"], step["organisation"]
        if who == SERVER:
            return None if role == "server" else "not_server"
        if who == EITHER and role == "field_worker":
            return None if organisation == self.sender else "not_sender"
        if who == SENDER:
            own = organisation is not None and self.sender in (None, organisation)
            return None if role == "field_worker" and own else "not_sender"
        staff = role == "provider_staff" and organisation is not None
        if staff and step["kind"] == "accepted" and self.taken_by and organisation in self.tried:
            return "already_accepted"
        if staff and organisation == self.holder:
            return None
        return "offer_ended" if staff and organisation in self.tried else "not_recipient"

    def _against_state(self, step: dict, before: str, late: bool) -> str | None:
        kind = step["kind"]
        if (kind, before) not in MOVES:
            return "already_ended" if before in ENDED else "wrong_state"
        if MAY[kind] in (STAFF, EITHER) and before in OPEN and late:
            return "deadline_passed"
        if kind == "expired" and not late:
            return "too_early"
        if kind == "answered" and not self.asked:
            return "no_question"
        if kind == "opened" and step["actor"] in self.openers:
            return "already_opened"
        if kind == "unreadable" and step["actor"] in self.waiting:
            return "already_unreadable"
        if kind == "resealed" and step["role"] == "provider_staff":
            return None if step["actor"] in self.openers else "not_opened"
        return "nobody_asked" if kind == "resealed" and not self.waiting else None

    def _against_fields(self, step: dict) -> str | None:
        kind, listed, reason = step["kind"], step["shortlist"], step["reason"]
        first = kind == "submitted"
        if first != bool(listed) or len(set(listed)) < len(listed):
            return "bad_shortlist"
        if step["respond_within"] not in ((60, 240, 1440, 4320) if first else (None,)):
            return "bad_deadline"
        if reason is None and kind in ("declined", "closed"):
            return "bad_reason"
        if reason is not None and not re.fullmatch("[a-z_]{1,40}", reason):
            return "bad_reason"
        if kind == "offered" and [step["provider"]] != self.untried[:1]:
            return "not_next"
        if kind == "returned" and self.untried:
            return "fallback_left"
        own = MAY[kind] == STAFF and kind != "handed_over"
        named = {"expired": (self.holder,), "resealed": (self.holder,)}.get(kind)
        right = named or ((None, self.holder) if own else None)
        return "wrong_provider" if right and step["provider"] not in right else None

    @property
    def untried(self) -> list[str]:
        """Fallbacks left."""
        return [each for each in self.shortlist if each not in self.tried]

    def take(self, step: dict) -> None:
        """Move on."""
        kind, before = step["kind"], self.state
        self.state = MOVES[kind, self.state or "sealed"]
        stays = self.state == before
        if kind == "submitted":
            self.sender, self.shortlist = step["organisation"], step["shortlist"]
            self.minutes = step["respond_within"]
        elif kind == "offered":
            self.holder = step["provider"]
            self.tried.append(self.holder)
            self.deadline = moment(step["at"]) + timedelta(minutes=self.minutes)
        elif kind in ("declined", "expired") or (kind == "unreadable" and not stays):
            self.holder, self.openers, self.waiting, self.asked = None, set(), set(), False
        elif kind == "unreadable":
            self.waiting.add(step["actor"])
        elif kind == "resealed":
            self.waiting.clear()
        elif kind == "opened":
            self.openers.add(step["actor"])
            self.waiting.discard(step["actor"])
        elif kind in ("asked", "answered"):
            self.asked = kind == "asked"
        elif kind == "accepted":
            self.taken_by = step["organisation"]
        if self.state not in OPEN:
            self.deadline = None

    def owed(self, at: datetime) -> dict | None:
        """What the server must append."""
        if self.state in ("submitted", "unreadable"):
            left = self.untried
            return {"kind": "offered" if left else "returned", "provider": (left or [None])[0]}
        if self.state in OPEN and self.deadline is not None and at >= self.deadline:
            return {"kind": "expired", "provider": self.holder}
        return None
