"""Sealing an open case anew: for a colleague's phone, or for a provider that lost its phones."""

from collections.abc import Callable, Iterator, Sequence

from attrs import frozen

from mobile.casework.custody import Custody, Holder, custody_of, keep_holders
from mobile.casework.desk import Desk
from mobile.casework.errors import CannotShareError, CaseElsewhereError, UnknownRecordError
from mobile.casework.inbox import colleagues_with_case, report_unreadable
from mobile.casework.records import OPENED, KeptHolders, KeptOpened, kept_referral
from mobile.casework.referrals import PURPOSE, consent_digest
from mobile.casework.replay import Standing
from mobile.casework.sealing import SealWith, seal_with
from mobile.casework.showing import known_referrals
from mobile.casework.signing import queue_step, reference
from protocols.messages import SealedPart
from protocols.plain import from_json, from_plain
from protocols.referral.arrows import OPEN, TAKEN, UNANSWERED
from protocols.referral.consent import Consent, filter_case
from protocols.sealing.certificate import Role
from protocols.sealing.envelope import seal
from protocols.sealing.sharing import as_shared, share
from protocols.timeline.event import Kind

NO_KEY = "no_match"
"""The reason with which a phone says that a case was never sealed to it."""


@frozen
class Lacking:
    """A device of this provider, and the open cases on this phone that it cannot open."""

    device: Holder
    referrals: tuple[str, ...]


@frozen
class Keeping:
    """`lacking`: colleagues' devices that cannot open what this phone has opened, by name; `alone`:
    the open cases that no other device of the provider could open."""

    lacking: tuple[Lacking, ...] = ()
    alone: tuple[str, ...] = ()


class Resealing:
    """`Phone.resealing`. Nothing is shared by itself: each method here is somebody's touch, on a
    screen that names the devices. Steps are queued, and leave at the next sync."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def custody(self, referral: str) -> Custody | None:
        """Who of the provider's devices that holds the referral now could open its case; None where
        no provider holds it, or it has ended. Raises UnknownRecordError."""
        desk = self._desk()
        standing = desk.standing(referral)
        now = standing.referral
        if now is None:
            if kept_referral(desk.vault, referral) is None:
                raise UnknownRecordError("no such referral is on this phone; sync, then look again")
            return None
        if now.offered_to is None or now.state not in UNANSWERED | TAKEN:
            return None
        return custody_of(desk, referral, standing, now.offered_to)

    def keeping(self) -> Keeping:
        """How the open cases on a provider's phone are kept; empty on any other phone."""
        lacking: dict[Holder, list[str]] = {}
        alone = []
        for referral, custody in _open_here(self._desk()):
            if custody.only:
                alone.append(referral)
            for device in custody.others:
                lacking.setdefault(device, []).append(referral)
        ordered = sorted(lacking, key=lambda each: (each.name, each.keyid))
        return Keeping(
            tuple(Lacking(device, tuple(lacking[device])) for device in ordered), tuple(alone)
        )

    def colleagues(self, referral: str) -> tuple[str, ...]:
        """The names of colleagues' devices that may open a case which this phone cannot."""
        desk = self._desk()
        found = colleagues_with_case(desk, desk.proven(referral))
        return tuple(each.name for each in found)

    def share(self, devices: Sequence[str], referrals: Sequence[str] | None = None) -> int:
        """Seal what this phone has opened (`referrals`; None: all of it) for those of `devices`
        (keyids) that cannot open it, and for all who can, so that each knows who else could; how
        many cases were sealed anew.

        Raises CannotShareError where a device is not of this provider's staff or has no sealing
        key, and a case was opened by an app that kept no proof of it; NotAllowedNowError.
        """
        desk = self._desk()
        chosen, done = set(devices), 0
        with desk.vault.transaction():
            for referral, custody in _open_here(desk, referrals):
                _demand_whole(desk.standing(referral))
                lacking = {each.keyid for each in custody.others} & chosen
                if lacking:
                    _share(desk, referral, custody, lacking)
                    done += 1
        return done

    def say_unreadable(self, referral: str) -> bool:
        """Record that this phone cannot open the case, and that no colleague's can: an offer goes
        to the next provider, the sender of a case in care is asked to seal it anew. Whether it was
        recorded: not again before it is sealed anew."""
        return report_unreadable(self._desk(), referral, NO_KEY)

    def send_again(self, referral: str, devices: Sequence[str]) -> None:
        """Seal the same case, as much of it as the person consented to, for `devices` (keyids) of
        the provider that holds the referral and has said that it cannot open it.

        Raises CaseElsewhereError where another phone sent it, NoConsentError and its kin,
        CannotShareError, NotAllowedNowError.
        """
        desk = self._desk()
        kept = kept_referral(desk.vault, referral)
        if kept is None:
            raise CaseElsewhereError("the case is only on the phone that sent it; look there")
        now, standing = desk.clock(), desk.standing(referral)
        _demand_whole(standing)
        provider = standing.referral.offered_to if standing.referral else None
        if provider is None:
            raise UnknownRecordError("no provider holds this referral now; sync, look again")
        consent = from_plain(kept.consent, Consent)
        content = filter_case(kept.case, consent, provider, PURPOSE, now)
        keys = _keys_of(desk, provider, set(devices))
        sealed = seal(
            content,
            referral=referral,
            sender_key=desk.keyring.signing,
            recipients=[provider],
            purpose=PURPOSE,
            consent=consent_digest(consent),
            age_recipients=keys.recipients,
            now=now,
            entropy=desk.entropy,
            devices=keys.devices,
        )
        with desk.vault.transaction():
            _queue(desk, referral, provider, sealed, keys)


def _demand_whole(standing: Standing) -> None:
    """Nothing is sealed anew on the word of a timeline that does not hold."""
    if standing.fault is not None:
        raise CannotShareError(
            f"the referral's timeline does not hold ({standing.fault}); show it to the coordinator"
        )


def _open_here(desk: Desk, among: Sequence[str] | None = None) -> Iterator[tuple[str, Custody]]:
    """The referrals in this provider's hands whose case this phone has opened, and who else could
    open it; of `among` only (None: of all)."""
    me = desk.me
    if me.role != Role.PROVIDER_STAFF:
        return
    for referral in known_referrals(desk):
        wanted = among is None or referral in among
        if not wanted or desk.vault.get(OPENED, referral) is None:
            continue
        standing = desk.standing(referral)
        now = standing.referral
        if now is not None and now.offered_to == me.organisation and now.state in OPEN:
            yield referral, custody_of(desk, referral, standing, me.organisation)


def _share(desk: Desk, referral: str, custody: Custody, lacking: set[str]) -> None:
    body = desk.vault.get(OPENED, referral)
    kept = from_json(body, KeptOpened) if body else None
    if kept is None or kept.statement is None or kept.envelope is None:
        raise CannotShareError(
            "this case was opened by an older app, which kept no proof of who sent it; ask its"
            " sender to send it again"
        )
    holders = {each.keyid for each in custody.holders}
    keys = _keys_of(desk, custody.provider, lacking, also=holders)
    sealed = share(
        as_shared(kept.envelope, kept.statement),
        referral=referral,
        provider=custody.provider,
        consent=kept.consent,
        key=desk.keyring.signing,
        devices=keys.devices,
        age_recipients=keys.recipients,
        now=desk.clock(),
        entropy=desk.entropy,
    )
    _queue(desk, referral, custody.provider, sealed, keys)


def _keys_of(
    desk: Desk, provider: str, devices: set[str], also: set[str] | None = None
) -> SealWith:
    """The keys of all `devices`, and of those of `also` that have one. Raises CannotShareError."""
    usable = desk.directory.seal_to(provider, desk.clock())
    if missing := devices - {each.device.subject for each in usable}:
        raise CannotShareError(
            f"{len(missing)} of the devices named cannot be sealed to now; have them sync, sync"
            " here, and try again"
        )
    if not devices:
        raise CannotShareError("no device was named; choose at least one")
    wanted = devices | (also or set())
    return seal_with([each for each in usable if each.device.subject in wanted])


def _queue(desk: Desk, referral: str, provider: str, sealed: bytes, keys: SealWith) -> None:
    """Queue the step that carries it; call in a transaction."""
    part = SealedPart(provider, sealed)
    queue_step(desk, referral, Kind.RESEALED, provider=provider, envelopes=[part])
    holders = KeptHolders(provider, keys.devices, desk.clock())
    keep_holders(desk, referral, reference(part).sha256, holders)
