"""A device that asks to be certified, and the office that decides."""

import secrets

import attrs
from nacl.signing import SigningKey

from backend.commands.offices.certifying import device_certificate
from protocols.messages import Approval, EnrolmentRequest
from protocols.plain import to_json
from protocols.sealing.certificate import Certificate, Role, certify
from protocols.sealing.enrolment import proof
from protocols.sealing.statement import Statement
from tests.backend.world import SERVICE, Answer, Device, World

SECRET = b"a fictional invitation's secret."


@attrs.define
class Newcomer:
    """`invitation` as `amana programme invite` names them; each has a device key of its own."""

    world: World
    invitation: str = attrs.field(factory=lambda: f"tn-{secrets.token_hex(8)}")
    country: str = "TN"
    key: SigningKey = attrs.field(factory=SigningKey.generate)
    id: str = ""

    @property
    def certificate(self) -> Certificate:
        return device_certificate(
            bytes(self.key.verify_key),
            Role.FIELD_WORKER,
            self.country,
            SERVICE,
            "Fictional newcomer",
            self.world.now,
        )

    @property
    def device(self) -> Device:
        return Device(self.world, self.key, self.certificate)

    def request(self, **changes: object) -> EnrolmentRequest:
        sealing = self.device.sealing_key()
        public = bytes(self.key.verify_key)
        values: dict[str, object] = {
            "invitation": self.invitation,
            "device_key": public,
            "label": "Fictional newcomer",
            "sealing_key": sealing,
            "proof": proof(SECRET, self.invitation, public, sealing.digest),
        }
        return EnrolmentRequest(**{**values, **changes})  # type: ignore[arg-type]

    def ask(self, request: EnrolmentRequest | None = None, key: SigningKey | None = None) -> Answer:
        body = to_json(request or self.request())
        answer = self.world.send("POST", "/v1/enrolments", body, key or self.key)
        if answer.status == 202:
            self.id = answer.json["id"]
        return answer

    def poll(self, key: SigningKey | None = None) -> Answer:
        return self.world.send("GET", f"/v1/enrolments/{self.id}", key=key or self.key)

    def approval(self, certificate: Statement | None = None, *, listed: bool = True) -> Approval:
        """The certificate with the next snapshot, which lists it unless `listed` is False."""
        own = certificate or certify(self.certificate, self.world.authority(self.country))
        known = tuple(self.world.published.get(self.country, ()))
        snapshot = self.world.snapshot(self.country, statements=(*known, own) if listed else known)
        return Approval(own, snapshot)

    def approve(
        self, approval: Approval | None = None, authority: SigningKey | None = None
    ) -> Answer:
        chosen = approval or self.approval()
        answer = self.world.send(
            "POST",
            f"/v1/enrolments/{self.id}/approval",
            to_json(chosen),
            authority or self.world.authority(self.country),
        )
        if answer.status == 200 and chosen.certificate not in self.world.published[self.country]:
            self.world.add(self.country, chosen.certificate)
            self.world.numbers[self.country] = self.world.numbers.get(self.country, 0) + 1
        return answer

    def refuse(self, authority: SigningKey | None = None) -> Answer:
        return self.world.send(
            "POST",
            f"/v1/enrolments/{self.id}/refusal",
            None,
            authority or self.world.authority(self.country),
        )
