"""Ways to lie: small makers of lies, for attacks to put together."""

import re
from collections.abc import Callable, Iterable

from attrs import evolve

from protocols.messages import Problem, SyncAnswer, TimelineAnswer
from protocols.plain import to_json
from tests.hostile.hostile_server import Honest, Lie, Reply, Request

SUBMIT = r"/v1/referrals(/[^/]+/events)?"
DIRECTORY = r"/v1/directory/TN"
SYNC = r"/v1/sync/TN"
TIMELINE = r"/v1/referrals/[^/]+/timeline"
CONSISTENCY = r"/v1/log/TN/consistency"
PROGRAMME = r"/v1/programme"
KEYS = r"/v1/sealing-keys"
ENROL = r"/v1/enrolments"
ENROLMENT = r"/v1/enrolments/[^/]+"
EDITION = r"/v1/checklists/[0-9a-f]+"


def at(pattern: str, answer: Callable[[Request, Honest], Reply]) -> Lie:
    """Lie at addresses that fit, be honest elsewhere."""

    def lie(request: Request, honest: Honest) -> Reply:
        return answer(request, honest) if re.fullmatch(pattern, request.path) else honest()

    return lie


def instead(pattern: str, reply: Reply) -> Lie:
    """Never ask the backend there; answer this."""
    return at(pattern, lambda _, __: reply)


def changing(pattern: str, kind, change) -> Lie:
    """Change the honest answer's content there."""

    def answer(_: Request, honest: Honest) -> Reply:
        reply = honest()
        return reply.saying(change(reply.read(kind))) if reply.status < 300 else reply

    return at(pattern, answer)


def page(change: Callable[[SyncAnswer], SyncAnswer]) -> Lie:
    """Change each page of events."""
    return changing(SYNC, SyncAnswer, change)


def timeline(change: Callable[[TimelineAnswer], TimelineAnswer]) -> Lie:
    """Change each timeline."""
    return changing(TIMELINE, TimelineAnswer, change)


def entries(change) -> Lie:
    """Change the tuple of a page's entries."""
    return page(lambda found: evolve(found, entries=tuple(change(found.entries))))


def each_event(change) -> Lie:
    """Change each event of a page."""
    return entries(lambda all_: (evolve(each, event=change(each.event)) for each in all_))


def each_envelope(change) -> Lie:
    """Change each envelope of a page."""
    return entries(
        lambda all_: (evolve(each, envelopes=tuple(map(change, each.envelopes))) for each in all_)
    )


def served_by(operator) -> Lie:
    """Another backend answers."""
    return lambda request, _: operator.serve(request)


def refusing(pattern: str, status: int, code: str, **extras) -> Lie:
    """Refuse there, in the form that an honest server uses."""
    problem = Problem("No", status, f"fictional: {code}", code, "fictional", extras=extras or None)
    return instead(pattern, Reply(status, body=to_json(problem)))


def wire(pattern: str, parts: Callable[[], Iterable[bytes]]) -> Lie:
    """Answer with these very bytes there."""
    return at(pattern, lambda _, __: Reply(raw=parts()))


class Recorder:
    """A lie that is none: honest, and remembering. `last(pattern)` is the newest answer there."""

    def __init__(self) -> None:
        self.kept: list[tuple[Request, Reply]] = []

    def __call__(self, request: Request, honest: Honest) -> Reply:
        reply = honest()
        self.kept.append((request, reply))
        return reply

    def last(self, pattern: str) -> Reply:
        return [reply for request, reply in self.kept if re.fullmatch(pattern, request.path)][-1]

    def asked(self, pattern: str) -> Request:
        return [request for request, _ in self.kept if re.fullmatch(pattern, request.path)][-1]
