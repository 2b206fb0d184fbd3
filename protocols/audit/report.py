"""What an audit concludes: one verdict, and each fault with its rule and place."""

from datetime import datetime

from attrs import frozen

from protocols.timeline.event import Event


@frozen
class Fault:
    """Something that does not hold. `rule` is a stable slug, `where` a leaf, line or referral."""

    rule: str
    where: str
    message: str


@frozen
class Overdue:
    """An offer that was still unanswered at the audit's moment, past its deadline."""

    referral: str
    provider: str | None
    deadline: datetime


@frozen
class Seen:
    """One event as the audit saw it; `role`, `organisation` and `name` are the signer's, None
    where no certificate vouches for it. `faults` are the rules that it breaks."""

    index: int
    event: Event
    received: datetime
    role: str | None
    organisation: str | None
    name: str | None
    deadline: datetime | None
    faults: tuple[str, ...]


@frozen
class Watched:
    """A witness (key id, certified name, role) whose cosignature holds: over the first `size`
    entries, at the time `at` by its own clock."""

    witness: str
    name: str
    role: str
    size: int
    at: datetime


@frozen
class Report:
    """`ok` where no fault was found. `size` and `root` (hex) are of the leaves as they were read,
    `directory` is the number of the authority's snapshot in the export, `states` counts referrals
    by where they stand, `watched` has each witness's newest cosignature, the latest first."""

    ok: bool
    country: str
    origin: str
    programme: str
    fingerprint: str
    size: int
    root: str
    directory: int | None
    checkpoint_size: int | None
    referrals: int
    signers: int
    states: dict[str, int]
    faults: tuple[Fault, ...]
    overdue: tuple[Overdue, ...]
    watched: tuple[Watched, ...] = ()
