"""What the office compares before it certifies: its digits, a coordinator's word, and a file's."""

from datetime import timedelta
from pathlib import Path

import attrs
import pytest
from nacl.signing import SigningKey

from backend.commands.offices import comparing, endorsed, uplink
from backend.commands.offices.folder import ProgrammeFolder
from backend.commands.options import open_uplink, utc_now
from protocols.messages import ENROLMENT_FILE, EnrolmentFile, Given, PendingEnrolment
from protocols.plain import to_json
from protocols.sealing.comparing import (
    CONTRIBUTION_TYPE,
    ComparisonError,
    Contribution,
    Endorsement,
    endorse,
)
from protocols.sealing.enrolment import file_code, invitation_from_uri
from protocols.sealing.statement import sign
from tests.backend.commands.office import INSPECTORATE, NewDevice, Office, secret_of


def devices(office: Office) -> list[str]:
    found = office.ask("status", *office.here)["countries"]
    (country,) = [each for each in found if each["country"] == "TN"]
    return [each["id"] for each in country["devices"] if each["valid"]]


def approving(office: Office, name: str, code: str) -> tuple[str, ...]:
    return ("approve", *office.here, "--invitation", name, "--code", code)


def wrong(code: str) -> str:
    return str((int(code) + 1) % 10**8).zfill(8)


def test_a_wrong_code_or_a_thief_of_the_picture_enrols_nobody(office: Office) -> None:
    name, invitation = office.invite()
    thief = NewDevice()
    thief.ask_in(office.http, invitation, bytes(32))
    answered = office.ask("contribute", *office.here, "--invitation", name)
    assert (answered["device"], answered["opened"]) == (None, False)
    assert office.refused(*approving(office, name, "12345678")).code == "nothing_pending"
    waiting = office.ask("pending", *office.here, "--country", "TN")
    assert [(each["proof"], each["organisation"]) for each in waiting] == [(False, None)]
    rightful = NewDevice()
    rightful.ask_in(office.http, invitation, secret_of(invitation))
    office.ask("contribute", *office.here, "--invitation", name)
    code = rightful.show(office.http)
    assert office.refused(*approving(office, name, wrong(code))).code == "wrong_code"
    office.ask(*approving(office, name, code))
    assert devices(office) == [rightful.id]


def test_two_devices_with_one_invitation_are_refused_and_hear_why(office: Office) -> None:
    name, invitation = office.invite()
    both = (NewDevice(), NewDevice())
    for device in both:
        device.ask_in(office.http, invitation, secret_of(invitation))
    assert office.refused(*approving(office, name, "12345678")).code == "dead_invitation"
    for device in both:
        status = device.look(office.http)
        assert (status.state, status.reason) == ("refused", "two_devices")
    assert devices(office) == []


def test_the_third_wrong_code_kills_the_invitation(office: Office) -> None:
    device = NewDevice()
    name, code = office.compared(device)
    codes = [office.refused(*approving(office, name, wrong(code))).code for _ in range(3)]
    assert codes == ["wrong_code", "wrong_code", "dead_invitation"]
    assert office.refused(*approving(office, name, code)).code == "dead_invitation"
    assert device.look(office.http).reason == "different"
    assert devices(office) == []


def test_a_number_that_the_office_did_not_draw_is_not_compared(office: Office) -> None:
    name, invitation = office.invite()
    device = NewDevice()
    device.ask_in(office.http, invitation, secret_of(invitation))
    folder = ProgrammeFolder(office.folder)
    made = folder.invitations("TN")[name].invitation
    up = office_uplink(office)
    (asked,) = up.pending("TN", name)
    claim = asked.request.claim
    body = Contribution(claim.invitation, claim.device, claim.commitment, bytes(32))
    up.contribute(asked.id, sign(CONTRIBUTION_TYPE, body, up.key))
    with pytest.raises(ComparisonError):
        comparing.look(folder, made, up, utc_now())


def office_uplink(office: Office) -> uplink.Uplink:
    file = office.folder.parent / "passphrase"
    file.write_text("a passphrase of a fictional programme\n")
    return open_uplink(ProgrammeFolder(office.folder), "TN", None, file)


# a coordinator's word


@attrs.define
class Coordinator:
    """A coordinator's device that was let in, and what it says of others."""

    office: Office
    device: NewDevice

    def vouches(self, other: NewDevice, **changes: object) -> None:
        assert other.joining is not None
        assert other.status is not None
        claim = other.joining.claim
        nonce = SigningKey.generate().encode()
        drawn = Contribution(claim.invitation, claim.device, claim.commitment, nonce)
        self.hand_in(other, "contribution", sign(CONTRIBUTION_TYPE, drawn, self.device.key))
        other.show(self.office.http)
        values: dict[str, object] = {
            "invitation": claim.invitation,
            "device": claim.device,
            "sealing_digest": claim.sealing_digest,
            "label": claim.label,
            "organisation": INSPECTORATE,
            "role": "field_worker",
            "country": "TN",
            "endorsed": utc_now(),
        }
        said = Endorsement(**{**values, **changes})  # type: ignore[arg-type]
        self.hand_in(other, "endorsement", endorse(said, self.device.key))

    def hand_in(self, other: NewDevice, step: str, statement: object) -> None:
        assert other.status is not None
        path = f"/v1/enrolments/{other.status.id}/{step}"
        body = to_json(Given(statement))  # type: ignore[arg-type]
        answer = self.device.send(self.office.http, "POST", path, body)
        assert answer.status_code == 200, answer.content


@pytest.fixture
def coordinator(office: Office) -> Coordinator:
    device = NewDevice()
    words = ("--country", "TN", "--organisation", organisation(office), "--role", "coordinator")
    made = office.ask("invite", *office.here, *words)
    invitation = invitation_from_uri(made["uri"])
    device.ask_in(office.http, invitation, secret_of(invitation), "Coordinator's fictional phone")
    office.ask("contribute", *office.here, "--invitation", made["invitation"])
    office.ask(*approving(office, made["invitation"], device.show(office.http)))
    return Coordinator(office, device)


def organisation(office: Office) -> str:
    found = office.ask("status", *office.here)["countries"]
    (country,) = [each for each in found if each["country"] == "TN"]
    ids: list[str] = [each["id"] for each in country["organisations"]]
    return next((each for each in ids if "coordinat" in each), ids[0])


def asking(office: Office, invitation: str = "tn-00000000000000aa") -> NewDevice:
    device = NewDevice()
    device.ask_in(office.http, {"id": invitation}, b"a secret that the office never sees!")
    return device


def approve_endorsed(office: Office) -> tuple[list[str], list[str]]:
    done = office.ask("approve", *office.here, "--endorsed", "--country", "TN")
    return (
        [each["device"] for each in done["approved"]],
        [each["fault"] for each in done["refused"]],
    )


def test_what_a_coordinator_vouches_for_is_certified(
    office: Office, coordinator: Coordinator
) -> None:
    device = asking(office)
    coordinator.vouches(device)
    assert approve_endorsed(office) == ([device.id], [])
    assert device.look(office.http).state == "approved"
    assert approve_endorsed(office) == ([], [])


def test_a_revoked_coordinators_word_counts_no_more(
    office: Office, coordinator: Coordinator
) -> None:
    device = asking(office)
    coordinator.vouches(device)
    words = ("--country", "TN", "--subject", coordinator.device.id, "--reason", "lost")
    office.ask("revoke", *office.here, *words)
    approved, faults = approve_endorsed(office)
    assert (approved, len(faults)) == ([], 1)
    assert "revoked" in faults[0]
    assert device.look(office.http).state == "pending"


@pytest.mark.parametrize(
    "changes",
    [
        {"endorsed": utc_now() - timedelta(days=31)},
        {"endorsed": utc_now() + timedelta(hours=2)},
        {"role": "coordinator"},
        {"organisation": "demo-nobody"},
        {"label": "Another"},
    ],
)
def test_a_word_that_does_not_fit_certifies_nobody(
    office: Office,
    coordinator: Coordinator,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, object],
) -> None:
    """The server is dishonest and hands over what an honest one would not have kept."""
    device = asking(office)
    coordinator.vouches(device)
    assert device.joining is not None
    claim = device.joining.claim
    honest = uplink.Uplink.pending

    def lying(
        self: uplink.Uplink, country: str, invitation: str | None = None
    ) -> tuple[PendingEnrolment, ...]:
        body = Endorsement(
            invitation=claim.invitation,
            device=claim.device,
            sealing_digest=claim.sealing_digest,
            label=claim.label,
            organisation=INSPECTORATE,
            role="field_worker",
            country="TN",
            endorsed=utc_now(),
        )
        said = endorse(attrs.evolve(body, **changes), coordinator.device.key)  # type: ignore[arg-type]
        return tuple(
            attrs.evolve(each, endorsement=said) for each in honest(self, country, invitation)
        )

    monkeypatch.setattr(uplink.Uplink, "pending", lying)
    approved, faults = approve_endorsed(office)
    assert (approved, len(faults)) == ([], 1)


def test_a_word_replayed_after_the_device_was_revoked_brings_nobody_back(
    office: Office, coordinator: Coordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = asking(office)
    coordinator.vouches(device)
    seen = office_uplink(office).pending("TN")
    assert approve_endorsed(office) == ([device.id], [])
    words = ("--country", "TN", "--subject", device.id, "--reason", "lost")
    office.ask("revoke", *office.here, *words)
    monkeypatch.setattr(uplink.Uplink, "pending", lambda *_: seen)
    approved, faults = approve_endorsed(office)
    assert (approved, len(faults)) == ([], 1)
    assert device.id not in devices(office)


@pytest.mark.parametrize("invitation", ["../../../escape", "tn-1", "x" * 60])
def test_an_invitations_id_names_no_file_elsewhere(
    office: Office, coordinator: Coordinator, invitation: str
) -> None:
    device = asking(office, invitation)
    coordinator.vouches(device)
    approved, faults = approve_endorsed(office)
    assert (approved, len(faults)) == ([], 1)
    assert endorsed.INVITATION.fullmatch("tn-00000000000000aa")


# by file


def request_file(office: Office, invitation: dict[str, str], device: NewDevice) -> str:
    request = device.request(invitation, secret_of(invitation))
    path = office.folder.parent / f"{device.id}.json"
    path.write_bytes(to_json(EnrolmentFile(ENROLMENT_FILE, request)))
    return str(path)


def test_a_file_is_let_in_by_its_24_digits_alone(office: Office) -> None:
    _, invitation = office.invite()
    device = NewDevice()
    path = request_file(office, invitation, device)
    assert device.joining is not None
    digits = file_code(secret_of(invitation), device.joining.claim)
    words = ("approve", *office.here, "--request", path)
    assert office.refused(*words, "--code", digits[:8]).code == "wrong_code"
    done = office.ask(*words, "--code", " ".join((digits[:12], digits[12:])))
    assert (done["device"], done["published"]) == (device.id, True)
    assert devices(office) == [device.id]


@pytest.mark.parametrize(
    "damage",
    [lambda data: data[:-2], lambda data: b"{}", lambda data: data.replace(b"Blue", b"Bl")],
)
def test_a_file_that_was_changed_is_refused(office: Office, damage) -> None:  # type: ignore[no-untyped-def]
    _, invitation = office.invite()
    path = request_file(office, invitation, NewDevice())
    file = Path(path)
    file.write_bytes(damage(file.read_bytes()))
    words = ("approve", *office.here, "--request", path, "--code", "0" * 24)
    assert office.refused(*words).code == "enrolment_file"
