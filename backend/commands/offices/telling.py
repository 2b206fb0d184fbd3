"""A proposal in plain words: what changes, line by line, for the keeper who is to sign it.

Only what changes is told, and all of it: whatever is not told here `examining` refuses.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import frozen

from backend.commands.offices.examining import Examined
from backend.commands.offices.keepers import named
from backend.commands.offices.proposal import of_root, signers
from protocols.messages import Snapshot
from protocols.plain import format_time, from_json, to_plain
from protocols.sealing.certificate import (
    CERTIFICATE_TYPE,
    PERSONAL,
    Certificate,
    Revocation,
    Role,
)
from protocols.sealing.statement import Statement, keyid

NOTHING = "nothing changes but the number and the days"
_SERIAL_SHOWN = 16


@frozen
class Summary:
    """What a keeper reads before signing. `changes` are the lines, `signed` who signed so far,
    `lacking` how many keepers are still to sign what is next."""

    country: str
    mark: str
    number: int | None
    heading: str
    changes: tuple[str, ...]
    signed: tuple[str, ...]
    lacking: int


def tell(found: Examined) -> Summary:
    """All of it in words."""
    inside = found.inside
    lines = [
        *(_statement(found, each) for each in found.new),
        *_who_comes_and_goes(found),
        *(_confirmed(each) for each in found.confirmed),
        *(() if inside is None else _directory(found.before, inside)),
    ]
    return Summary(
        country=found.proposal.country,
        mark=found.proposal.mark,
        number=None if inside is None else inside.number,
        heading=_heading(found),
        changes=(*(lines or [NOTHING]), *_keepers_told(found)),
        signed=tuple(_signed(found)),
        lacking=found.lacking,
    )


def _heading(found: Examined) -> str:
    country = found.proposal.country
    if found.inside is None:
        return f"For the root: who speaks for {country}"
    inside, before = found.inside, found.before
    after = (
        "the first" if before is None else f"after {before.number} of {format_time(before.issued)}"
    )
    return (
        f"Directory of {country}, snapshot {inside.number}, {after}; issued"
        f" {format_time(inside.issued)}, valid until {format_time(inside.expires)}"
    )


def shown(text: str) -> str:
    """What somebody else wrote, without what would steer a terminal or turn the line around."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def _keepers_told(found: Examined) -> Iterator[str]:
    """How the office names the keepers: nobody signs the names, so they stand beside the keys."""
    for each in found.proposal.keepers:
        yield f"The office calls the key {each.id} of {each.of} {shown(each.name)!r}"


def _statement(found: Examined, statement: Statement) -> str:
    if statement.payloadType != CERTIFICATE_TYPE:
        return _revoked(found, from_json(statement.payload, Revocation))
    each = from_json(statement.payload, Certificate)
    days = (
        f"from {format_time(each.not_before)} until {format_time(each.not_after)}"
        f" (serial {each.serial[:_SERIAL_SHOWN]})"
    )
    if each.role is Role.AUTHORITY:
        by = "will certify" if found.inside is None else "has certified"
        keys = ", ".join(keyid(key) for key in each.keys)
        return (
            f"KEEPERS: the root {by} for {each.country}, {shown(each.name)!r}: any"
            f" {each.threshold} of the {len(each.keys)} keys {keys}, {days}"
        )
    if each.role is Role.ORGANISATION:
        return f"CERTIFIED: organisation {each.subject}, {shown(each.name)!r}, {days}"
    if each.role in PERSONAL:
        return (
            f"CERTIFIED: device {each.subject}, {shown(each.name)!r}, as {each.role} of"
            f" {each.organisation}, {days}"
        )
    return f"CERTIFIED: {each.role} {each.subject}, {shown(each.name)!r}, {days}"


def _who_comes_and_goes(found: Examined) -> Iterator[str]:
    """Of new keepers, who was none before, and who is none any more."""
    then, now = (_newest_authority(each) for each in (_published(found), found.new))
    if then is None or now is None:
        return
    for key in now.keys:
        if key not in then.keys:
            yield f"  comes in as a keeper: {named(found.proposal.keepers, keyid(key))}"
    for key in then.keys:
        if key not in now.keys:
            yield f"  is a keeper no more: {named(found.proposal.keepers, keyid(key))}"
    if then.threshold != now.threshold:
        yield f"  {then.threshold} had to sign so far, {now.threshold} from now on"


def _published(found: Examined) -> tuple[Statement, ...]:
    return found.before.statements if found.before else ()


def _newest_authority(statements: Iterable[Statement]) -> Certificate | None:
    certificates = [
        from_json(each.payload, Certificate)
        for each in statements
        if each.payloadType == CERTIFICATE_TYPE and of_root(each)
    ]
    return max(certificates, key=lambda each: each.not_before, default=None)


def _revoked(found: Examined, each: Revocation) -> str:
    known = [*_published(found), *found.new]
    name = next(
        (
            f"{certificate.role} {shown(certificate.name)!r}"
            for statement in known
            if statement.payloadType == CERTIFICATE_TYPE
            for certificate in [from_json(statement.payload, Certificate)]
            if (certificate.subject, certificate.serial) == (each.subject, each.serial)
        ),
        "a certificate not shown here",
    )
    return (
        f"REVOKED: {each.subject} ({name}, serial {each.serial[:_SERIAL_SHOWN]}), because"
        f" {each.reason}; void from {format_time(each.revoked)}"
    )


def _confirmed(statement: Statement) -> str:
    if statement.payloadType != CERTIFICATE_TYPE:
        taken = from_json(statement.payload, Revocation)
        return f"CONFIRMED by the new keepers, unchanged: {taken.subject} stays revoked"
    each = from_json(statement.payload, Certificate)
    return (
        f"CONFIRMED by the new keepers, unchanged: {each.role} {each.subject} {shown(each.name)!r}"
    )


def _directory(before: Snapshot | None, inside: Snapshot) -> Iterator[str]:
    was = {each.id: to_plain(each) for each in before.providers} if before else {}
    now = {each.id: to_plain(each) for each in inside.providers}
    for name in sorted(was.keys() - now.keys()):
        yield f"PROVIDER TAKEN OUT: {name}"
    for name in sorted(now.keys() - was.keys()):
        yield f"PROVIDER NEW: {name}"
        yield from _differences(name, {}, now[name])
    for name in sorted(now.keys() & was.keys()):
        yield from _differences(name, was[name], now[name])
    kept = [each for each in was if each in now]
    if [each for each in now if each in was] != kept:
        yield "PROVIDERS: their order changes"
    yield from _checklists(before, inside)


def _differences(where: str, was: Any, now: Any) -> Iterator[str]:
    """Each value that differs, by its path."""
    if was == now:
        return
    if isinstance(was, dict) and isinstance(now, dict):
        for name in sorted(was.keys() | now.keys()):
            yield from _differences(f"{where} · {name}", was.get(name), now.get(name))
        return
    yield f"  {where}: {_value(was)} → {_value(now)}"


def _value(value: Any) -> str:
    return "nothing" if value is None else shown(str(value))


def _checklists(before: Snapshot | None, inside: Snapshot) -> Iterator[str]:
    was, now = before.checklists if before else (), inside.checklists
    for each in sorted(set(was) - set(now)):
        yield f"CHECKLIST TAKEN OUT: {shown(each)}"
    for each in sorted(set(now) - set(was)):
        yield f"CHECKLIST NEW IN USE: {shown(each)}"
    if set(was) == set(now) and was != now:
        yield "CHECKLISTS: their order changes"
    editions = {each.id: each for each in before.editions} if before else {}
    for edition in inside.editions:
        older = editions.pop(edition.id, None)
        if older != edition:
            after = "the first of its own" if older is None else f"after version {older.version}"
            yield (
                f"CHECKLIST EDITION: {edition.id} version {edition.version}, {after},"
                f" {edition.size} bytes, SHA-256 {edition.sha256}"
            )
    for name in sorted(editions):
        yield f"CHECKLIST EDITION TAKEN OUT: {name}"


def _signed(found: Examined) -> Iterator[str]:
    """Who signed what so far, in the file's order."""
    proposal = found.proposal
    keys = {each.key for each in proposal.keepers} | set(found.root.keys)
    keys |= set(found.authority.keys) if found.authority else set()
    known = {keyid(key): key for key in keys}
    inside: Iterable[Statement] = proposal.root or [
        each for each in (*found.new, *found.confirmed) if not of_root(each)
    ]
    names = [tuple(named(proposal.keepers, one) for one in signers(each, known)) for each in inside]
    for who, count in _counted(names):
        yield f"inside, {count} signed by {', '.join(who) or 'nobody'}"
    if proposal.next is not None:
        whole = [named(proposal.keepers, each) for each in signers(proposal.next, known)]
        yield f"the whole, signed by {', '.join(whole) or 'nobody'}"


def _counted(names: list[tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], int]]:
    for who in dict.fromkeys(names):
        yield who, names.count(who)
