"""Who sent a request: a certified device, a country's authority, or a device not yet certified."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from attrs import frozen
from sqlalchemy.orm import Session

from backend.services.context import Context
from backend.services.statements import root_words
from backend.store import directory, nonces
from protocols.errors import AmanaError
from protocols.messages import Snapshot
from protocols.plain import from_json
from protocols.sealing.certificate import (
    Certificate,
    Role,
    Root,
    UnknownDeviceError,
    UntrustedError,
)
from protocols.sealing.request import TOLERANCE, SignedRequest, verify_request
from protocols.sealing.statement import Statement
from protocols.sealing.truststore import TrustStore

MOST_ROOT_WORDS = 64
"""Of an unknown caller's snapshot; more changes of keepers than a country sees in decades."""


class ReplayedRequestError(AmanaError):
    """A request whose nonce this key has used before."""

    code = "replayed_request"


class WrongRoleError(AmanaError):
    """A certified device that may not do this."""

    code = "wrong_role"


class WrongCountryError(AmanaError):
    """A certified caller from another country than the one it asks about."""

    code = "wrong_country"


@frozen
class Caller:
    """A device that proved to hold its certified key, and what the certificate says."""

    keyid: str
    role: Role
    country: str
    organisation: str

    def must_be_in(self, country: str) -> None:
        """Raises WrongCountryError unless the caller is certified in `country`."""
        if self.country != country:
            raise WrongCountryError(
                f"this device is certified in {self.country}, not {country[:8]!r}; ask that"
                " country's coordinator"
            )


def device_caller(
    session: Session, context: Context, signed: SignedRequest, roles: Collection[Role], at: datetime
) -> Caller:
    """The certified device that signed the request at `at`, in one of `roles`.

    Raises UntrustedError's kinds, BadSignatureError, StaleRequestError, WrongRoleError.
    """
    found = directory.country_of(session, signed.keyid)
    if found is None:
        raise UnknownDeviceError(
            f"the key {signed.keyid[:32]} is not certified here; enrol this device, or wait until"
            " the coordinator has approved it"
        )
    certificate = context.trust.of(session, *found).device(signed.keyid, at)
    verify_request(signed, certificate.keys[0], at)
    if certificate.role not in roles or certificate.organisation is None:
        raise WrongRoleError(
            f"a {certificate.role} may not do this; ask the coordinator which device may"
        )
    return Caller(
        certificate.subject, certificate.role, certificate.country, certificate.organisation
    )


def authority_caller(
    session: Session, context: Context, signed: SignedRequest, country: str, at: datetime
) -> Certificate:
    """The authority of `country`, one of whose keys signed the request at `at`. Raises as
    `device_caller` does."""
    authority = context.trust_in(session, country).authority(country, at)
    key = authority.key_map.get(signed.keyid)
    if key is None:
        raise WrongRoleError(
            f"only the authority of {country} may do this; use its key with `amana programme`"
        )
    verify_request(signed, key, at)
    return authority


def publishing_caller(
    session: Session,
    context: Context,
    signed: SignedRequest,
    country: str,
    *,
    at: datetime,
    snapshot: Callable[[], Statement],
) -> Certificate:
    """As `authority_caller`, also for a keeper whom the root certified only in the snapshot that
    is sent: it is asked for where the key is not known. Whether the snapshot holds is judged when
    it is published. Raises as `authority_caller` does."""
    try:
        return authority_caller(session, context, signed, country, at)
    except (WrongRoleError, UntrustedError) as refused:
        authority = named_by_root(context.server.root, snapshot, country, at)
        key = authority.key_map.get(signed.keyid) if authority else None
        if authority is None or key is None:
            raise refused from None
    verify_request(signed, key, at)
    return authority


def named_by_root(
    root: Root, snapshot: Callable[[], Statement], country: str, at: datetime
) -> Certificate | None:
    """The country's authority at `at` by what the root signed inside `snapshot`, which nobody has
    verified; None where there is none or nothing that can be read."""
    try:
        words = root_words(from_json(snapshot().payload, Snapshot).statements)
        return TrustStore.build(root, words[:MOST_ROOT_WORDS]).authority(country, at)
    except AmanaError:
        return None


def spend_nonce(session: Session, signed: SignedRequest) -> None:
    """Remember the request until it is stale. Raises ReplayedRequestError if it came before."""
    expires = signed.created + TOLERANCE + timedelta(minutes=1)
    if not nonces.spend(session, signed.keyid, signed.nonce, expires):
        raise ReplayedRequestError(
            "this very request was served before; sign it anew with a fresh nonce"
        )
