"""A device that asks to be certified, and the office that decides."""

import secrets
from typing import Any

import attrs
from nacl.signing import SigningKey

from backend.commands.offices.certifying import device_certificate
from protocols.messages import Approval, EnrolmentRequest, Given, Opening, Refusal
from protocols.plain import to_json
from protocols.sealing.certificate import Certificate, Role, certify
from protocols.sealing.comparing import (
    CONTRIBUTION_TYPE,
    Contribution,
    Endorsement,
    endorse,
)
from protocols.sealing.enrolment import NONCE_BYTES, Claim, commit, proof
from protocols.sealing.statement import Statement, sign
from tests.backend.world import SERVICE, Answer, Device, World

LABEL = "Fictional newcomer"
SECRET = b"a fictional invitation's secret."


@attrs.define
class Newcomer:
    """`invitation` as `amana programme invite` names them; each has a device key of its own."""

    world: World
    invitation: str = attrs.field(factory=lambda: f"tn-{secrets.token_hex(8)}")
    country: str = "TN"
    key: SigningKey = attrs.field(factory=SigningKey.generate)
    nonce: bytes = attrs.field(factory=lambda: secrets.token_bytes(NONCE_BYTES))
    id: str = ""
    asked: EnrolmentRequest | None = None

    @property
    def certificate(self) -> Certificate:
        return device_certificate(
            bytes(self.key.verify_key),
            Role.FIELD_WORKER,
            self.country,
            SERVICE,
            LABEL,
            self.world.now,
        )

    @property
    def device(self) -> Device:
        return Device(self.world, self.key, self.certificate)

    def request(self, **changes: object) -> EnrolmentRequest:
        sealing = self.device.sealing_key()
        public = bytes(self.key.verify_key)
        named = (self.invitation, public, sealing.digest, LABEL)
        commitment = commit(*named, self.nonce)
        values: dict[str, object] = {
            "invitation": self.invitation,
            "device_key": public,
            "label": LABEL,
            "sealing_key": sealing,
            "proof": proof(SECRET, Claim(*named, commitment)),
            "commitment": commitment,
        }
        return EnrolmentRequest(**{**values, **changes})  # type: ignore[arg-type]

    def ask(self, request: EnrolmentRequest | None = None, key: SigningKey | None = None) -> Answer:
        self.asked = request or self.asked or self.request()
        body = to_json(self.asked)
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

    def refuse(self, authority: SigningKey | None = None, reason: str = "refused") -> Answer:
        return self.step("refusal", Refusal(reason), authority)

    def step(self, name: str, body: object, key: SigningKey | None = None) -> Answer:
        return self.world.send(
            "POST",
            f"/v1/enrolments/{self.id}/{name}",
            to_json(body),
            key or self.world.authority(self.country),
        )

    def contribution(self, nonce: bytes, key: SigningKey | None = None) -> Statement:
        assert self.asked is not None
        claim = self.asked.claim
        body = Contribution(claim.invitation, claim.device, claim.commitment, nonce)
        return sign(CONTRIBUTION_TYPE, body, key or self.world.authority(self.country))

    def contribute(self, nonce: bytes = bytes(32), key: SigningKey | None = None) -> Answer:
        return self.step("contribution", Given(self.contribution(nonce, key)), key)

    def word(self, coordinator: Device, **changes: Any) -> Statement:
        assert self.asked is not None
        claim = self.asked.claim
        body = Endorsement(
            invitation=claim.invitation,
            device=claim.device,
            sealing_digest=claim.sealing_digest,
            label=claim.label,
            organisation=SERVICE,
            role="field_worker",
            country=self.country,
            endorsed=self.world.now,
        )
        return endorse(attrs.evolve(body, **changes), coordinator.key)

    def vouch(self, coordinator: Device, **changes: Any) -> Answer:
        return self.step("endorsement", Given(self.word(coordinator, **changes)), coordinator.key)

    def open(self, nonce: bytes | None = None, key: SigningKey | None = None) -> Answer:
        return self.step("opening", Opening(nonce or self.nonce), key or self.key)
