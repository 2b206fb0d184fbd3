"""A coordinator's phone lets a colleague's device in: invitation, comparison, its signed word.

The invitation's secret stays in this vault. What this phone decides is kept before the server
hears of it; a step that was lost on the way is sent again at the next look.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from attrs import evolve, frozen

from mobile.casework.desk import Desk
from mobile.casework.directory import snapshot_of
from mobile.casework.errors import ClockWrongError, InvitingError, UnknownRecordError
from mobile.casework.records import HOSTED, KeptHosted
from mobile.sync.errors import RefusedError
from mobile.sync.server import Server
from protocols.errors import MalformedError
from protocols.messages import Invitation, PendingEnrolment
from protocols.plain import from_json, from_plain, to_json, to_plain
from protocols.sealing.certificate import Role, UntrustedError
from protocols.sealing.comparing import (
    MOST_FAILED,
    ComparisonError,
    Contribution,
    Endorsement,
    Hosting,
    endorse,
)
from protocols.sealing.enrolment import EnrolmentProofError, check_proof, invitation_to_uri
from protocols.sealing.request import TOLERANCE
from protocols.sealing.statement import Statement

VALID = timedelta(hours=72)
SECRET_BYTES = 32
ID_BYTES = 8
MOST_OPEN = 50
KEPT_AFTER = timedelta(days=30)
"""How long after its end an invitation stays in the list."""
Step = Literal["waiting", "answered", "compare", "vouched", "let_in", "dead", "expired"]


@frozen
class Workplace:
    """An organisation of the own country, and the roles to which a coordinator may invite."""

    id: str
    name: str
    roles: tuple[str, ...]


@frozen
class HostedView:
    """One invitation as it stands. `uri` is the QR code's text while a device may still use it,
    `code` the digits to compare, `label` what the device calls itself, `handed`: the server has
    this phone's word, `tries`: comparisons left, `why` it is dead."""

    id: str
    organisation: str
    organisation_name: str
    role: str
    expires: datetime
    step: Step
    uri: str | None = None
    label: str | None = None
    code: str | None = None
    handed: bool = False
    tries: int = MOST_FAILED
    why: str | None = None


class Inviting:
    """`Phone.inviting`; a coordinator's phone only."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def workplaces(self) -> tuple[Workplace, ...]:
        """Where a device may be added, by name: the certified organisations of the own country.
        Those that offer services also have staff who receive. Raises NoDirectoryError,
        InvitingError."""
        desk = _coordinator(self._desk())
        providers = {each.id for each in snapshot_of(desk).providers}
        receiving = (str(Role.PROVIDER_STAFF), str(Role.FIELD_WORKER))
        found = (
            Workplace(id_, name, receiving if id_ in providers else (str(Role.FIELD_WORKER),))
            for id_, name in desk.names().items()
        )
        return tuple(sorted(found, key=lambda each: (each.name, each.id)))

    def invite(self, organisation: str, role: str) -> HostedView:
        """Make and keep a one-time invitation for 72 hours. Raises InvitingError for a role or
        organisation that is not among `workplaces`."""
        desk = _coordinator(self._desk())
        if not any(each.id == organisation and role in each.roles for each in self.workplaces()):
            raise InvitingError("choose an organisation of the list and one of its roles")
        self._tidy(desk)
        if len(desk.vault.list(HOSTED)) >= MOST_OPEN:
            raise InvitingError("too many invitations are open; remove some first")
        now = desk.clock()
        invitation = Invitation(
            id=f"{desk.me.country.lower()}-{desk.entropy(ID_BYTES).hex()}",
            secret=desk.entropy(SECRET_BYTES),
            server=desk.me.server,
            root=desk.trust.root.fingerprint,
            organisation=organisation,
            role=role,
            country=desk.me.country,
            expires=now + VALID,
        )
        return self._put(desk, KeptHosted(to_plain(invitation), now, Hosting(invitation.id)))

    def list(self) -> tuple[HostedView, ...]:
        """Every invitation that this phone made and still has, newest first."""
        desk = _coordinator(self._desk())
        self._tidy(desk)
        kept = (from_json(body, KeptHosted) for _, body in desk.vault.items(HOSTED))
        newest = sorted(kept, key=lambda each: (each.made, each.hosting.invitation), reverse=True)
        return tuple(_view(desk, each) for each in newest)

    def get(self, invitation: str) -> HostedView:
        """Raises UnknownRecordError."""
        desk = _coordinator(self._desk())
        return _view(desk, _hosted(desk, invitation))

    def look(self, invitation: str) -> HostedView:
        """One round with the server: fix on the device that asks, send this phone's number, take
        the device's; hand in what is still to be handed in.

        Raises UnknownRecordError, ComparisonError, OfflineError, RefusedError and their like.
        """
        desk = _coordinator(self._desk())
        kept = _hosted(desk, invitation)
        opened = from_plain(kept.invitation, Invitation)
        over = opened.expires <= desk.clock() and not kept.hosting.agreed
        if over or _view(desk, kept).step == "let_in":
            return _view(desk, kept)
        with desk.online() as server:
            asked = server.asked_with(opened.country, opened.id)
            proven = _proven(opened, asked)
            offers = [(each.request.claim, each.request.proof) for each in proven]
            hosting = kept.hosting.meet(opened.secret, offers, desk.entropy)
            met = next((each for each in proven if each.request.claim == hosting.claim), None)
            kept = evolve(kept, hosting=hosting, enrolment=met.id if met else kept.enrolment)
            self._put(desk, kept)
            if hosting.dead is not None:
                _refuse(server, proven, hosting.dead)
            elif met is not None:
                kept = self._advance(desk, server, kept, met)
        return _view(desk, kept)

    def compared(self, invitation: str, *, same: bool) -> HostedView:
        """The holder's digits were the `same` or not. The same: this phone's signed word for the
        device goes to the server, where the authority finds it. The third difference kills the
        invitation.

        Raises ComparisonError before there are digits, DeadInvitationError, ClockWrongError (the
        authority would refuse the date), OfflineError and its like; the answer is then kept, and
        handed in at the next `look`.
        """
        desk = _coordinator(self._desk())
        kept = _hosted(desk, invitation)
        if same and abs(desk.clock_off) > TOLERANCE:
            raise ClockWrongError(desk.clock_off)
        kept = evolve(kept, hosting=kept.hosting.compared(same=same))
        if same:
            kept = evolve(kept, endorsement=self._word(desk, kept), handed=False)
        self._put(desk, kept)
        if same or kept.hosting.dead is not None:
            return self.look(invitation)
        return _view(desk, kept)

    def discard(self, invitation: str) -> None:
        """Forget an invitation with its secret. Nobody can be let in with it any more, unless this
        phone vouched for the device before."""
        desk = _coordinator(self._desk())
        desk.vault.delete(HOSTED, _hosted(desk, invitation).hosting.invitation)

    def _word(self, desk: Desk, kept: KeptHosted) -> Statement:
        claim = kept.hosting.claim
        if claim is None:
            raise ComparisonError("no device was met at this invitation yet; have it scanned")
        return endorse(
            Endorsement(
                invitation=claim.invitation,
                device=claim.device,
                sealing_digest=claim.sealing_digest,
                label=claim.label,
                organisation=str(kept.invitation["organisation"]),
                role=str(kept.invitation["role"]),
                country=desk.me.country,
                endorsed=desk.clock(),
            ),
            desk.keyring.signing,
        )

    def _advance(
        self, desk: Desk, server: Server, kept: KeptHosted, met: PendingEnrolment
    ) -> KeptHosted:
        hosting = kept.hosting
        if met.contribution is None:
            server.contribute(met.id, hosting.contribution(desk.keyring.signing))
        elif from_json(met.contribution.payload, Contribution).nonce != hosting.nonce:
            raise ComparisonError(
                "another number than this phone's was drawn for the device: its digits will"
                " differ; invite it anew"
            )
        if met.opening is not None and hosting.opening is None:
            kept = evolve(kept, hosting=hosting.open(met.opening))
            self._put(desk, kept)
        if kept.endorsement is not None and (not kept.handed or met.endorsement is None):
            server.endorse(met.id, kept.endorsement)
            kept = evolve(kept, handed=True)
            self._put(desk, kept)
        return kept

    @staticmethod
    def _put(desk: Desk, kept: KeptHosted) -> HostedView:
        desk.vault.put(HOSTED, kept.hosting.invitation, to_json(kept))
        return _view(desk, kept)

    @staticmethod
    def _tidy(desk: Desk) -> None:
        for row, body in desk.vault.items(HOSTED):
            ended = from_plain(from_json(body, KeptHosted).invitation, Invitation).expires
            if ended + KEPT_AFTER <= desk.surely:
                desk.vault.delete(HOSTED, row)


def _coordinator(desk: Desk) -> Desk:
    if desk.me.role != Role.COORDINATOR:
        raise InvitingError("only a coordinator's phone adds devices; ask the coordinator")
    return desk


def _hosted(desk: Desk, invitation: str) -> KeptHosted:
    body = desk.vault.get(HOSTED, invitation)
    if body is None:
        raise UnknownRecordError("this invitation is not on this phone; make a new one")
    return from_json(body, KeptHosted)


def _proven(invitation: Invitation, asked: tuple[PendingEnrolment, ...]) -> list[PendingEnrolment]:
    """The requests made by somebody who holds the secret."""
    found = []
    for each in asked:
        try:
            check_proof(each.request.proof, invitation.secret, each.request.claim)
        except (EnrolmentProofError, MalformedError):
            continue
        if each.request.invitation == invitation.id:
            found.append(each)
    return found


def _refuse(server: Server, proven: list[PendingEnrolment], reason: str) -> None:
    """Tell every device that holds the secret; one that was decided meanwhile is left."""
    for each in proven:
        try:
            server.refuse_enrolment(each.id, reason)
        except RefusedError:
            continue


def _view(desk: Desk, kept: KeptHosted) -> HostedView:
    invitation = from_plain(kept.invitation, Invitation)
    hosting = kept.hosting
    step = _step(desk, kept, invitation)
    return HostedView(
        id=invitation.id,
        organisation=invitation.organisation,
        organisation_name=desk.names().get(invitation.organisation, invitation.organisation),
        role=invitation.role,
        expires=invitation.expires,
        step=step,
        uri=invitation_to_uri(kept.invitation) if step == "waiting" else None,
        label=hosting.claim.label if hosting.claim else None,
        code=hosting.code(invitation.secret) if step == "compare" else None,
        handed=kept.handed,
        tries=MOST_FAILED - hosting.failed,
        why=hosting.dead,
    )


def _step(desk: Desk, kept: KeptHosted, invitation: Invitation) -> Step:
    hosting = kept.hosting
    if hosting.agreed and hosting.claim is not None:
        try:
            desk.trust.store.device(hosting.claim.device, desk.clock())
        except UntrustedError:
            return "vouched"
        return "let_in"
    if hosting.dead is not None:
        return "dead"
    if invitation.expires <= desk.clock():
        return "expired"
    if hosting.claim is None:
        return "waiting"
    return "answered" if hosting.opening is None else "compare"
