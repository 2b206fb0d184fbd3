"""The words of each error code of enrolling a phone, in English; part of `error_words`."""

from mobile.locale import mark

_INVITATION = mark("This is not a usable invitation. Ask the coordinator for a new one.")
_COMPARISON = mark(
    "The two phones do not fit together: something between them was changed or lost. Make a new"
    " invitation, and begin again."
)

ENROLLING: dict[str, str] = {
    "wrong_root": mark(
        "This server does not belong to the programme that invited you. Do not continue. Tell the"
        " coordinator."
    ),
    "invitation_unusable": _INVITATION,
    "invitation": _INVITATION,
    "enrolment_mismatch": mark(
        "The approval does not fit this phone, so it was not accepted. Tell the coordinator."
    ),
    "enrolment_answer": mark(
        "This file is no answer to this phone's own request. Ask the office for the right one."
    ),
    "enrolment_file_storage": mark(
        "This file could not be written or read. Check the place, and that there is room."
    ),
    "comparison": _COMPARISON,
    "false_opening": _COMPARISON,
    "enrolment_step_taken": _COMPARISON,
    "enrolment_step_early": mark(
        "The other side has not got that far. Wait a moment, then try again."
    ),
    "second_contribution": mark(
        "Somebody stands between you and the coordinator. This phone has stopped. Tell the"
        " coordinator, and ask for a new invitation in person."
    ),
    "dead_invitation": mark(
        "This invitation is over: somebody else may have it. Nobody is let in with it. Make a new"
        " one where nobody sees or hears."
    ),
    "inviting": mark(
        "This phone cannot add a device like this. Choose an organisation and role of the list, or"
        " ask the coordinator."
    ),
}
