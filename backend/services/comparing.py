"""The steps of an enrolment's comparison, as the server carries them between the two sides.

It knows no secret and judges no digits. What it checks (who signs, that each step comes once and
in its turn) keeps honest sides from harm by strangers; against a dishonest server each side checks
again for itself (`protocols.sealing.comparing`).
"""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.services.context import Context
from backend.services.enrolling import EnrolmentDecidedError, open_to
from backend.store import enrolments
from backend.store.tables import EnrolmentRow
from protocols.errors import AmanaError, MalformedError
from protocols.messages import EnrolmentRequest
from protocols.plain import from_json, to_json
from protocols.sealing.comparing import OpeningError, read_contribution, read_endorsement
from protocols.sealing.enrolment import opens
from protocols.sealing.statement import Statement

MOST_CONTRIBUTION_BYTES = 1024
MOST_ENDORSEMENT_BYTES = 2048


class StepTakenError(AmanaError):
    """A step of a comparison that was taken before, with another content."""

    code = "enrolment_step_taken"


class StepTooEarlyError(AmanaError):
    """A step of a comparison whose turn has not come."""

    code = "enrolment_step_early"


def contribute(
    session: Session,
    context: Context,
    country: str,
    enrolment: str,
    statement: Statement,
    *,
    now: datetime,
) -> EnrolmentRow:
    """Keep the inviting side's random number, once; the same again changes nothing.

    Raises UnknownEnrolmentError, EnrolmentDecidedError, StepTakenError, MalformedError, and as
    `read_contribution` does.
    """
    body = _of_size(statement, MOST_CONTRIBUTION_BYTES)
    row = _waiting(session, country, enrolment)
    claim = from_json(row.request, EnrolmentRequest).claim
    read_contribution(statement, context.trust_in(session, country), claim, country, now)
    if row.contribution not in (None, body):
        raise StepTakenError(
            "another number was drawn for this device; whoever drew it must decide, or invite anew"
        )
    row.contribution, row.country = body, country
    session.flush()
    return row


def open_commitment(session: Session, row: EnrolmentRow, nonce: bytes) -> EnrolmentRow:
    """Keep the device's random number, once a contribution is there.

    Raises EnrolmentDecidedError, StepTooEarlyError, OpeningError.
    """
    if row.state == enrolments.APPROVED:
        return row
    _demand_pending(row)
    if row.contribution is None:
        raise StepTooEarlyError(
            "the other side has drawn no number yet; keep yours, ask again later"
        )
    if not opens(from_json(row.request, EnrolmentRequest).claim, nonce):
        raise OpeningError("this is not the number committed to; begin the enrolment again")
    row.opening = nonce
    session.flush()
    return row


def endorse(
    session: Session,
    context: Context,
    country: str,
    enrolment: str,
    statement: Statement,
    *,
    now: datetime,
) -> EnrolmentRow:
    """Keep a coordinator's word for the device, once both numbers are there; the last one counts.

    Raises UnknownEnrolmentError, EnrolmentDecidedError, StepTooEarlyError, MalformedError, and as
    `read_endorsement` does.
    """
    body = _of_size(statement, MOST_ENDORSEMENT_BYTES)
    row = _waiting(session, country, enrolment)
    if row.opening is None:
        raise StepTooEarlyError("the device has shown no digits yet; compare them first")
    claim = from_json(row.request, EnrolmentRequest).claim
    read_endorsement(statement, context.trust_in(session, country), claim, country, now)
    row.endorsement = body
    session.flush()
    return row


def _of_size(statement: Statement, most: int) -> bytes:
    body = to_json(statement)
    if len(body) > most:
        raise MalformedError(f"a statement of over {most} bytes; send a smaller one")
    return body


def _waiting(session: Session, country: str, enrolment: str) -> EnrolmentRow:
    row = open_to(session, country, enrolment)
    _demand_pending(row)
    return row


def _demand_pending(row: EnrolmentRow) -> None:
    if row.state != enrolments.PENDING:
        raise EnrolmentDecidedError("this enrolment was decided; ask how it stands")
