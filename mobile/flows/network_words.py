"""What came from the server or the network, and could not be believed or had: in words."""

from mobile.locale import mark

EDITION = mark(
    "A newer edition of a checklist came in a form that cannot be trusted, so it is not used. The"
    " one on this phone stays in use. If it happens again, tell the coordinator."
)
EDITION_LATER = mark(
    "A newer edition of a checklist has not arrived yet. The one on this phone stays in use. Sync"
    " again later."
)
INPUT = mark("Something was entered in a form that cannot be used. Check it and try again.")
TROUBLE = mark("The server cannot do this now. Nothing is lost. It is tried again later by itself.")
UNVERIFIED = mark(
    "What came from the server could not be verified, so nothing of it was kept. Try again on"
    " another network. If it happens again, tell the coordinator."
)

NETWORK: dict[str, str] = {
    "sync": TROUBLE,
    "offline": mark(
        "No connection. Nothing is lost: it leaves this phone when there is a connection."
    ),
    "server_trouble": TROUBLE,
    "refused": mark("The server refused this. Tell the coordinator."),
    "hostile_answer": UNVERIFIED,
    "garbled_answer": mark(
        "What the server answered cannot be read, so nothing of it was kept. Try again on another"
        " network. If it happens again, tell the coordinator."
    ),
    "oversize_answer": mark(
        "The server sent far more than it should, so this phone stopped listening. Nothing is"
        " lost. Try again later. If it happens again, tell the coordinator."
    ),
    "slow_answer": mark(
        "The server answers too slowly, so this phone stopped waiting. Nothing is lost. Try again"
        " later, or on another network."
    ),
    "redirected": mark(
        "The server, or this network, wanted to lead this phone to another place. The phone did"
        " not go. If this Wi-Fi asks you to sign in, do that first, or use another network."
    ),
    "unknown_server": mark(
        "Somebody answered who is not the server of your programme. Nothing of it was kept. Try"
        " another network, and tell the coordinator."
    ),
    "false_witness": mark(
        "The server shows a record with a false signature of somebody who watches it. It was not"
        " believed. Do not rely on the server now, and tell the coordinator."
    ),
    "bad_head_text": mark(
        "This text is not another phone's code. Read the code again, and paste the whole text."
    ),
    "older_log": mark(
        "The server shows how things were before and hides what came since. Nothing of it was"
        " kept. Sync again later. If it happens again, tell the coordinator."
    ),
    "altered_event": mark(
        "The server changed a step of a referral. The change was not believed. Do not rely on the"
        " server now, and tell the coordinator."
    ),
    "disordered_page": mark(
        "The server mixed up the steps of referrals. Nothing of it was kept. Sync again. If it"
        " happens again, tell the coordinator."
    ),
    "events_left_out": mark(
        "The server left out steps of a referral. Nothing of it was kept. Sync again. If it happens"
        " again, call the other side yourself, and tell the coordinator."
    ),
    "strange_envelope": mark(
        "The server sent something sealed that is not meant for this phone. It was not kept. Sync"
        " again. If it happens again, tell the coordinator."
    ),
    "other_referral": mark(
        "The server answered about another referral than this phone asked for. Nothing of it was"
        " kept. Sync again. If it happens again, tell the coordinator."
    ),
    "bad_receipt": mark(
        "The server did not prove that it keeps what was sent. It stays on this phone and is sent"
        " again."
    ),
    "log_fork": mark(
        "The server shows another history than before. This must not happen. Do not rely on it, and"
        " show this phone to the coordinator."
    ),
    "timeline_unproven": mark(
        "The steps of a referral do not fit together: somebody may have changed them. Do not rely"
        " on what they say. Call the other side yourself, and tell the coordinator."
    ),
    "envelope_withheld": mark(
        "The server keeps back something sealed that was sent to you. Sync again. If it stays so,"
        " call whoever sent it, and tell the coordinator."
    ),
    "sealing_key_withheld": mark(
        "The server hides from others how to seal for this phone. It was told again. If this stays,"
        " nothing new can reach you here: tell the coordinator."
    ),
    "directory_rollback": mark(
        "The server offers an old list of providers in place of the newer one on this phone. The"
        " newer one stays in use. Sync again later. If it happens again, tell the coordinator."
    ),
    "directory_invalid": mark(
        "The list of providers that came is not from your coordinators. It was not used; the one"
        " on this phone stays in use. Tell the coordinator."
    ),
    "foreign_certificate": mark(
        "The server named a phone or an office that your coordinators never confirmed. It was not"
        " believed. Tell the coordinator."
    ),
    "forged_sealing_key": mark(
        "The server gave a false key for somebody's phone, so that others could read what you"
        " send. It was not used. Tell the coordinator."
    ),
    "edition": EDITION,
    "edition_altered": EDITION,
    "edition_conflict": EDITION,
    "edition_mismatch": EDITION,
    "edition_older": EDITION,
    "edition_unusable": mark(
        "A newer edition of a checklist needs a newer app. Update the app. Until then the one on"
        " this phone stays in use."
    ),
    "edition_waiting": EDITION_LATER,
    "bad_checkpoint": UNVERIFIED,
    "unsigned_checkpoint": UNVERIFIED,
    "bad_proof": UNVERIFIED,
    "false_cosignature": UNVERIFIED,
    "bad_witness_request": UNVERIFIED,
    "unknown_log": UNVERIFIED,
    "size_conflict": UNVERIFIED,
    "not_comparable": mark("These two cannot be compared. Export the log again, and try again."),
    "malformed": INPUT,
}
