"""Comparing the short code of an enrolment: who fixes what before whom.

1. The new device sends its claim with a commitment to its random number (`Joining`).
2. The inviting side fixes on the one claim that it meets, draws a random number for it and sends
   it, signed: once, for that claim alone (`Hosting`).
3. The device takes one such number, only ever one, and shows its own.
4. The inviting side checks it against the commitment that it met. Both compute the eight digits.

Each side keeps its value before it sends what comes of it, so that a crash repeats and never
redraws. The scheme is Vaudenay's (CRYPTO 2005) as ZRTP has it (RFC 6189, section 4.4.1.1); the
argument stands in docs/decisions/0017-commitment-before-the-short-code.md.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, Self

from attrs import evolve, field, frozen
from nacl.signing import SigningKey

from protocols.errors import AmanaError
from protocols.plain import Entropy, from_json
from protocols.sealing.certificate import Certificate, Role, UntrustedError
from protocols.sealing.enrolment import (
    CODE_DIGITS,
    NONCE_BYTES,
    Claim,
    EnrolmentProofError,
    check_proof,
    opens,
    short_code,
)
from protocols.sealing.statement import Statement, UnknownKeyError, payload_type, sign, verify
from protocols.sealing.truststore import TrustStore

CONTRIBUTION_TYPE = payload_type("enrolment-contribution")
ENDORSEMENT_TYPE = payload_type("enrolment-endorsement")
MOST_FAILED = 3
"""Comparisons that may fail before an invitation is dead."""
ENDORSABLE = (Role.FIELD_WORKER, Role.PROVIDER_STAFF)
"""Roles for which a coordinator's word is enough: no coordinator makes coordinators."""
Dead = Literal["two_devices", "different"]


class ComparisonError(AmanaError):
    """A step of a comparison that must not be taken."""

    code = "comparison"


class SecondContributionError(ComparisonError):
    """Another random number for a device that has taken one."""

    code = "second_contribution"


class OpeningError(ComparisonError):
    """A random number other than the one committed to."""

    code = "false_opening"


class DeadInvitationError(ComparisonError):
    """An invitation with which nobody must be let in any more; `why` is a code."""

    code = "dead_invitation"

    def __init__(self, why: str) -> None:
        told = "two devices hold it" if why == "two_devices" else "the digits differed"
        super().__init__(
            f"this invitation is dead, because {told}: somebody else may have it; approve no"
            " device with it, invite anew where nobody sees or hears"
        )
        self.why = why


@frozen
class Contribution:
    """Payload of an `enrolment-contribution`: the inviting side's random `nonce` (32 bytes) for
    the device (a key id) that committed to `commitment` at `invitation`."""

    invitation: str
    device: str
    commitment: bytes
    nonce: bytes


@frozen
class Endorsement:
    """Payload of an `enrolment-endorsement`: that a coordinator compared the digits of `device` (a
    key id) and found them the same; `sealing_digest` names its first sealing key's statement."""

    invitation: str
    device: str
    sealing_digest: str
    label: str
    organisation: str
    role: str
    country: str
    endorsed: datetime


@frozen
class Joining:
    """The new device's side. `nonce` is its own random number, `contributed` the one it took."""

    claim: Claim
    nonce: bytes = field(repr=False)
    contributed: bytes | None = field(default=None, repr=False)

    def take(self, contributed: bytes) -> Self:
        """With the inviting side's number taken; keep the result before `opening` is sent. Raises
        SecondContributionError where another was taken before."""
        if self.contributed not in {None, contributed}:
            raise SecondContributionError(
                "the server offers a second random number where one was taken: somebody stands"
                " between you and the coordinator; stop, and ask for a new invitation"
            )
        return evolve(self, contributed=contributed)

    @property
    def opening(self) -> bytes | None:
        """The number to show, None before the inviting side's was taken."""
        return None if self.contributed is None else self.nonce

    def code(self, secret: bytes, *, digits: int = CODE_DIGITS) -> str | None:
        """The digits to read aloud, None before the inviting side's number was taken."""
        if self.contributed is None:
            return None
        return short_code(secret, self.claim, self.nonce, self.contributed, digits=digits)


@frozen
class Hosting:
    """The inviting side, for one invitation. `claim`: the one fixed on; `nonce`: drawn for it;
    `opening`: the device's number; `failed`: comparisons that did; `agreed`: one held; `dead`: why
    nobody is let in any more."""

    invitation: str
    claim: Claim | None = None
    nonce: bytes | None = field(default=None, repr=False)
    opening: bytes | None = field(default=None, repr=False)
    failed: int = 0
    agreed: bool = False
    dead: Dead | None = None

    def meet(self, secret: bytes, offers: Iterable[tuple[Claim, bytes]], entropy: Entropy) -> Self:
        """With the claim fixed among `offers` (claim, proof) that the secret proves, and a random
        number drawn for it, once. A second proven claim kills the invitation: somebody else holds
        it. Keep the result before its contribution is sent."""
        if self.dead or self.agreed:
            return self
        found = {claim for claim, given in offers if self._proven(secret, claim, given)}
        if self.claim is not None:
            found.add(self.claim)
        if len(found) > 1:
            return evolve(self, dead="two_devices")
        if not found or self.claim is not None:
            return self
        return evolve(self, claim=found.pop(), nonce=entropy(NONCE_BYTES))

    def contribution(self, key: SigningKey) -> Statement:
        """The number drawn, signed by the inviting side. Raises ComparisonError before that, and
        DeadInvitationError."""
        claim, nonce = self._met
        body = Contribution(self.invitation, claim.device, claim.commitment, nonce)
        return sign(CONTRIBUTION_TYPE, body, key)

    def open(self, opening: bytes) -> Self:
        """With the device's number. Raises OpeningError for one that it did not commit to,
        ComparisonError before a claim was fixed, DeadInvitationError."""
        claim, _ = self._met
        if not opens(claim, opening):
            raise OpeningError(
                "the device shows another random number than it committed to; do not approve it,"
                " invite again"
            )
        return evolve(self, opening=opening)

    def code(self, secret: bytes, *, digits: int = CODE_DIGITS) -> str | None:
        """The digits that the device must show, None before it opened or once dead."""
        if self.claim is None or self.nonce is None or self.opening is None or self.dead:
            return None
        return short_code(secret, self.claim, self.opening, self.nonce, digits=digits)

    def compared(self, *, same: bool, by_file: bool = False) -> Self:
        """With one comparison made; `by_file`: of the 24 digits, for which no number is needed. The
        third that fails kills the invitation. Raises ComparisonError before there is anything to
        compare, DeadInvitationError."""
        claim, _ = self._met
        if self.opening is None and not by_file:
            raise ComparisonError(f"{claim.device} has shown no digits yet; wait, then compare")
        if same:
            return evolve(self, agreed=True)
        failed = self.failed + 1
        return evolve(
            self, failed=failed, agreed=False, dead="different" if failed >= MOST_FAILED else None
        )

    @property
    def _met(self) -> tuple[Claim, bytes]:
        if self.dead is not None:
            raise DeadInvitationError(self.dead)
        if self.claim is None or self.nonce is None:
            raise ComparisonError("no device was met at this invitation yet; have it scanned")
        return self.claim, self.nonce

    def _proven(self, secret: bytes, claim: Claim, given: bytes) -> bool:
        if claim.invitation != self.invitation:
            return False
        try:
            check_proof(given, secret, claim)
        except EnrolmentProofError:
            return False
        return True


def read_contribution(
    statement: Statement, trust: TrustStore, claim: Claim, country: str, at: datetime
) -> bytes:
    """The random number that the country's authority (one of its keys) or a coordinator signed for
    `claim`. Raises UntrustedError, the errors of `statement.verify`, ComparisonError."""
    keys = office_keys(statement, trust, country, at)
    body = from_json(verify(statement, keys, payload_type=CONTRIBUTION_TYPE), Contribution)
    fits = (claim.invitation, claim.device, claim.commitment)
    if (body.invitation, body.device, body.commitment) != fits or len(body.nonce) != NONCE_BYTES:
        raise ComparisonError("a random number drawn for another device; refuse it")
    return body.nonce


def endorse(endorsement: Endorsement, coordinator: SigningKey) -> Statement:
    """`endorsement` signed by the coordinator's device."""
    return sign(ENDORSEMENT_TYPE, endorsement, coordinator)


def read_endorsement(
    statement: Statement, trust: TrustStore, claim: Claim, country: str, at: datetime
) -> tuple[Endorsement, Certificate]:
    """What a coordinator of `country`, trusted then and at `at`, says of `claim`, and who it is.

    Raises UntrustedError, the errors of `statement.verify`, ComparisonError.
    """
    signer = statement.signatures[0].keyid if len(statement.signatures) == 1 else ""
    coordinator = _coordinator(trust, signer, country, at)
    payload = verify(statement, coordinator.key_map, payload_type=ENDORSEMENT_TYPE)
    body = from_json(payload, Endorsement)
    _coordinator(trust, signer, country, min(body.endorsed, at))
    said = (body.invitation, body.device, body.sealing_digest, body.label, body.country)
    meant = (claim.invitation, claim.device, claim.sealing_digest, claim.label, country)
    if said != meant:
        raise ComparisonError("an endorsement of another device; refuse it")
    if body.role not in ENDORSABLE:
        raise ComparisonError(
            f"a coordinator endorses no {body.role[:40]}; have the office invite it"
        )
    organisation = trust.organisation(body.organisation, at)
    if organisation.country != country:
        raise ComparisonError("an endorsement for another country's organisation; refuse it")
    return body, coordinator


def office_keys(
    statement: Statement, trust: TrustStore, country: str, at: datetime
) -> dict[str, bytes]:
    """The keys of whoever signed `statement` alone: the country's authority, or a coordinator of
    it. Raises UntrustedError, UnknownKeyError."""
    if len(statement.signatures) != 1:
        raise UnknownKeyError("an inviting side signs with one key; refuse it")
    signer = statement.signatures[0].keyid
    try:
        authority = trust.authority(country, at).key_map
    except UntrustedError:
        authority = {}
    if signer in authority:
        return authority
    return _coordinator(trust, signer, country, at).key_map


def _coordinator(trust: TrustStore, signer: str, country: str, at: datetime) -> Certificate:
    found = trust.device(signer, at)
    if found.role is not Role.COORDINATOR or found.country != country:
        raise UntrustedError(
            f"{signer} is no coordinator of {country}; only those and the authority enrol devices"
        )
    return found
