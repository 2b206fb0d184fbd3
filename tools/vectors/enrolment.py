"""An enrolment's invitation, commitment, proof and codes, and what each side signs."""

from datetime import timedelta
from typing import Any

from attrs import evolve

from protocols.messages import Invitation
from protocols.plain import to_plain
from protocols.sealing.certificate import SealingKey, publish_sealing_key
from protocols.sealing.comparing import (
    CONTRIBUTION_TYPE,
    ENDORSEMENT_TYPE,
    Contribution,
    Endorsement,
)
from protocols.sealing.enrolment import (
    Claim,
    commit,
    file_code,
    invitation_to_uri,
    opens,
    proof,
    short_code,
)
from protocols.sealing.statement import sign
from tools.vectors.cast import DAY, NORTH, START, id_of, identity, key, public, root, seed

LABEL = "Blue phone هاتف"


def invitation() -> Invitation:
    """A fictional shelter's."""
    return Invitation(
        id="tn-0123456789abcdef",
        secret=seed("invitation"),
        server="https://amana.example.org",
        root=root().fingerprint,
        organisation=NORTH,
        role="provider_staff",
        country="TN",
        expires=START + DAY,
    )


def claim() -> tuple[Claim, dict[str, Any]]:
    """What the device puts forward, and its sealing key's statement as it travels."""
    announced = SealingKey(
        id_of("new"), identity("new").recipient.text, START, START + timedelta(days=8)
    )
    statement = publish_sealing_key(announced, key("new"))
    named = (invitation().id, public("new"), statement.digest, LABEL)
    made = Claim(*named, commit(*named, seed("device's number")))
    return made, to_plain(statement)


def make() -> dict[str, Any]:
    """`docs/vectors/enrolment.json`."""
    invited = invitation()
    made, sealing_key = claim()
    own, drawn = seed("device's number"), seed("office's number")
    contribution = Contribution(invited.id, made.device, made.commitment, drawn)
    endorsement = Endorsement(
        invitation=invited.id,
        device=made.device,
        sealing_digest=made.sealing_digest,
        label=LABEL,
        organisation=NORTH,
        role=invited.role,
        country="TN",
        endorsed=START,
    )
    return {
        "about": "R_D and R_C are the device's and the inviting side's random numbers. `others`:"
        " numbers, and whether the commitment opens to them.",
        "uri": invitation_to_uri(to_plain(invited)),
        "invitation": to_plain(invited),
        "device_seed": seed("new").hex(),
        "label": LABEL,
        "sealing_key": sealing_key,
        "r_d": own.hex(),
        "r_c": drawn.hex(),
        "commitment": made.commitment.hex(),
        "transcript": made.transcript.hex(),
        "proof": proof(invited.secret, made).hex(),
        "short_code": short_code(invited.secret, made, own, drawn),
        "file_code": file_code(invited.secret, made),
        "contribution": to_plain(sign(CONTRIBUTION_TYPE, contribution, key("coordinator"))),
        "endorsement": to_plain(sign(ENDORSEMENT_TYPE, endorsement, key("coordinator"))),
        "others": [
            {"hex": each.hex(), "opens": opens(about, each), "label": about.label}
            for about, each in (
                (made, own),
                (made, drawn),
                (made, own[:-1]),
                (evolve(made, label="Red phone"), own),
            )
        ],
    }
