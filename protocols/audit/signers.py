"""Who signed, asked once for each device and stretch of time instead of once for each event."""

from bisect import bisect_right
from datetime import datetime

from attrs import frozen

from protocols.sealing.certificate import Certificate
from protocols.sealing.truststore import TrustStore


@frozen
class Signer:
    """A device's certificate with its keys by keyid."""

    certificate: Certificate
    keys: dict[str, bytes]


class Signers:
    """Answers as `TrustStore.device` does. Between two turning points of the store no answer can
    change, so those of the present stretch are kept, and only those: a log runs forward."""

    def __init__(self, trust: TrustStore) -> None:
        self._trust = trust
        self._turns = trust.turning_points()
        self._stretch = -1
        self._known: dict[str, Signer] = {}

    def device(self, keyid: str, at: datetime) -> Signer:
        """The certificate of the device or server `keyid` at `at`. Raises UntrustedError."""
        stretch = bisect_right(self._turns, at)
        if stretch != self._stretch:
            self._stretch, self._known = stretch, {}
        known = self._known.get(keyid)
        if known is None:
            certificate = self._trust.device(keyid, at)
            known = self._known[keyid] = Signer(certificate, certificate.key_map)
        return known
