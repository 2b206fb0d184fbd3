"""Joining an organisation: from the invitation's QR code to a certified device."""

from __future__ import annotations

from typing import Literal


class Enrolment:
    """`Phone.enrolment`."""

    def begin(self, invitation_uri: str, label: str) -> str:
        """Make this device's keys, check the server's root against the invitation's fingerprint,
        prove possession; returns the eight-digit short code to read to the coordinator.

        `label` is what colleagues will see of this device, such as "Blue phone". Calling it again
        with the same invitation repeats the request with the same keys and code.
        Raises InvitationError, WrongRootError, OfflineError, RefusedError.
        """
        raise NotImplementedError

    @property
    def short_code(self) -> str | None:
        """The short code while an enrolment is waiting, else None."""
        raise NotImplementedError

    def poll(self) -> Literal["pending", "approved", "refused"]:
        """Ask whether the coordinator has decided; once approved, the certificate chain is
        verified up to the root before anything is kept. Raises EnrolmentRefusedError if the
        certificate is not for this device's key and this invitation's role."""
        raise NotImplementedError
