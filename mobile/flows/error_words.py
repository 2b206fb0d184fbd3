"""The words of each error code, in English; the catalogues hold the rest.

One text may serve several codes where the person can do only the same about them.
"""

from mobile.flows.enrol_words import ENROLLING
from mobile.flows.network_words import (
    EDITION_LATER,
    INPUT,
    NETWORK,
    TROUBLE,
    UNVERIFIED,
)
from mobile.flows.recovery_error_words import OF_RECOVERY
from mobile.locale import mark

UNKNOWN = mark("This could not be done, and nothing was changed.")
ADVICE = mark("Try again. If it happens again, tell the coordinator.")

_DEFECT = mark(
    "The app met a fault of its own. Nothing was lost. Update the app, and tell the coordinator if"
    " it happens again."
)
_CHECKLIST = mark("This checklist cannot be used. Update the app, or choose another checklist.")
_SEALED = mark(
    "This sealed message cannot be opened or trusted on this phone. Its sender will be told. If it"
    " is urgent, call the sender."
)
_CERTIFICATE = mark(
    "This phone, or the other side's, has no valid certificate now. Sync. If that does not help,"
    " tell the coordinator."
)
_OVERTAKEN = mark("Something else happened to this referral first. Sync, then look at it again.")
_NOT_YOURS = mark("Your role does not allow this. If it should, tell the coordinator.")
_ANSWER = mark("This answer does not fit the question. Correct it, or skip the question.")
_STORAGE = mark(
    "The phone could not store this: it may be full. Free some space, then do it again. What was"
    " stored before is safe."
)
_DAMAGED = mark(
    "Records on this phone are damaged or were changed. Do not enter anything new. Sync if you can,"
    " and tell the coordinator."
)
_ENDED = mark("This referral has ended. Start a new one if help is still needed.")
_TIME_OVER = mark("The time to answer is over. The referral goes to the next provider.")
_CASE = mark("This practice case cannot be used. Choose another, or update the app.")
_NO_CONSENT = mark("The person did not allow this. Ask the person again, or leave it out.")
_CONSENT = mark(
    "The consent does not cover this referral. Go back and ask the person for consent again."
)
_OLD_APP = mark("This app is too old for that. Update it.")
_COUNTRY = mark("The facts about this country cannot be used. Update the app.")

_CLOCK = mark(
    "This phone's clock and the server's do not agree. Set date and time to automatic, then sync."
    " If this phone's clock is right, tell the coordinator."
)

BY_CODE: dict[str, str] = {
    # the screens themselves
    "pins_differ": mark("The two PINs are not the same. Enter both again."),
    "nothing_chosen": mark("Choose or write something first."),
    "not_a_number": mark("Write a whole number in digits, or leave it empty."),
    "not_consented": _NO_CONSENT,
    "not_as_copied": mark("A word is not as it was shown. Look at the words again."),
    # the vault
    "vault": _STORAGE,
    "vault_missing": mark("There is nothing on this phone yet. Choose a PIN to begin."),
    "vault_exists": mark("This phone is set up already. Enter its PIN."),
    "vault_locked": mark("The phone is locked. Enter the PIN."),
    "vault_damaged": _DAMAGED,
    "vault_storage": _STORAGE,
    "weak_pin": mark(
        "This PIN is too easy. Take at least 6 characters, not all the same and not in a row."
    ),
    "weak_parameters": _DEFECT,
    "wrong_pin": mark("The PIN is wrong."),
    "pin_too_close": mark(
        "The two PINs are too much alike: a slip of the finger would take one for the other. Choose"
        " quite another."
    ),
    "duress_not_yet": mark("A second PIN can be set once this phone has joined an organisation."),
    "device_key": mark(
        "This phone's secure hardware does not answer. Restart the phone and try again. This did"
        " not count as a try."
    ),
    "locked_out": mark("It is too early for another try. Wait, then enter the PIN."),
    "wiped": mark(
        "Everything on this phone was erased. Ask the coordinator for a new invitation to use it"
        " again."
    ),
    # recovery sheets and spare copies
    "recovery": _STORAGE,
    "spare": _STORAGE,
    **OF_RECOVERY,
    **ENROLLING,
    **NETWORK,
    "amana": UNKNOWN,
    # casework
    "not_enrolled": mark("This phone belongs to no organisation yet. Enter an invitation first."),
    "locked": mark("The phone is locked. Enter the PIN."),
    "unknown_record": mark("This is not on this phone. Sync, then look in the list."),
    "practice_not_sent": mark("This is practice. Nothing of it can be sent."),
    "practice_case": _CASE,
    "practice_case_unknown": _CASE,
    "practice_case_format": _CASE,
    "practice_case_does_not_fit": mark(
        "This practice case does not fit the checklist on this phone. Choose another case."
    ),
    "already_sent": mark("This was sent already. Look at it under sent referrals."),
    "consent_mismatch": _CONSENT,
    "nobody_can_open": mark(
        "A provider on your list has no phone that could open this now. Sync, or choose another"
        " provider."
    ),
    "no_directory": mark("This phone does not know any provider yet. Connect and sync once."),
    "directory_expired": mark(
        "The list of providers on this phone is too old to be used. Connect and sync."
    ),
    "not_allowed_now": _OVERTAKEN,
    "unreadable_envelope": _SEALED,
    "colleague_has_it": mark(
        "This phone cannot open the case, but a colleague's phone may. Ask the colleague to open it"
        " there and to share it with this phone."
    ),
    "nobody_has_it": mark(
        "This phone cannot open the case, and none of your colleagues' phones can, as far as is"
        " known here. Say so: the sender is told and can send it again."
    ),
    "case_elsewhere": mark(
        "The case itself is only on the phone that sent it. If that phone is lost, the person must"
        " be met again."
    ),
    "cannot_share": mark(
        "This could not be shared with every phone that was chosen. Have them sync, sync here, then"
        " look again."
    ),
    "another_case": _SEALED,
    # screening
    "checklist_damaged": _CHECKLIST,
    "checklist_unknown": mark("This checklist is not on this phone. Update the app."),
    "checklist_format": _CHECKLIST,
    "checklist_translation_missing": _CHECKLIST,
    "checklist_duplicate_key": _CHECKLIST,
    "checklist_unknown_reference": _CHECKLIST,
    "checklist_condition": _CHECKLIST,
    "indicator_set_unknown": _CHECKLIST,
    "indicator_unknown": _CHECKLIST,
    "interview_step": mark("This step is not possible here. Go on with the question shown."),
    "interview_answer": _ANSWER,
    "interview_ended": mark("The interview is at its end. Go back to change an answer."),
    "interview_checklist_changed": mark(
        "The checklist has changed since. Look through the answers again."
    ),
    "checklist_too_wide": _CHECKLIST,
    "screening_words_unknown": _CHECKLIST,
    # countries
    "country_damaged": _COUNTRY,
    "country_double": _COUNTRY,
    "country_format": _COUNTRY,
    "country_gap": _COUNTRY,
    "country_number_in_text": _COUNTRY,
    "country_source": _COUNTRY,
    "country_text_missing": _COUNTRY,
    "country_unknown": mark("This app knows nothing about this country. Update the app."),
    "country_verification": _COUNTRY,
    "division_unknown": mark("This place is not known. Choose another one."),
    # consent and routing
    "no_consent": _NO_CONSENT,
    "consent_ended": mark("The time that the person agreed to is over. Ask the person again."),
    "consent_withdrawn": mark("The person withdrew the consent. Nothing is sent."),
    "nothing_to_share": mark(
        "For one provider nothing is left to send. Ask the person what it may be told, or take it"
        " off the list."
    ),
    "invalid_consent": mark(
        "The consent is not complete. Look again at who decides, what the child says, the legal"
        " ground and how it was given."
    ),
    "unknown_information": _DEFECT,
    "invalid_routing_request": mark(
        "Providers cannot be looked for like this. Choose what help is needed and where the person"
        " is."
    ),
    "invalid_routing_directory": mark(
        "The list of providers contradicts itself. Sync. If it happens again, tell the coordinator."
    ),
    "unknown_service": _OLD_APP,
    "untranslated": _OLD_APP,
    # referral, by the lifecycle's rules
    "step_refused": _OVERTAKEN,
    "already_accepted": mark("Another provider has accepted already. Nothing more to do here."),
    "unknown_kind": _OLD_APP,
    "not_submitted": mark("This referral never reached the server. Tell the coordinator."),
    "already_ended": _ENDED,
    "wrong_state": _OVERTAKEN,
    "not_server": UNVERIFIED,
    "not_sender": _NOT_YOURS,
    "not_recipient": mark("This referral is not offered to your organisation now."),
    "offer_ended": mark("The offer to your organisation has ended. It is with somebody else now."),
    "deadline_passed": _TIME_OVER,
    "too_early": UNVERIFIED,
    "not_next": UNVERIFIED,
    "fallback_left": UNVERIFIED,
    "wrong_provider": _OVERTAKEN,
    "no_question": mark("No question is open. There is nothing to answer."),
    "already_unreadable": mark(
        "This phone has said so before. Wait until the case is sent or shared again, then sync."
    ),
    "not_opened": mark("Open the case on this phone first."),
    "nobody_asked": mark(
        "No phone of the provider has said that it cannot open the case. Sync, then look again."
    ),
    "already_opened": mark("This was opened on this phone before."),
    "bad_shortlist": mark("Choose at least one provider, each only once."),
    "bad_deadline": _DEFECT,
    "bad_reason": mark("Choose a reason first."),
    # sealing and trust
    "untrusted": _CERTIFICATE,
    "expired": _CERTIFICATE,
    "revoked": mark(
        "It is said that a phone may not take part any more. If it is this one, ask the coordinator"
        " before you go on. Nothing on this phone was erased."
    ),
    "unknown_device": mark("The server does not know this phone. Tell the coordinator."),
    "wrong_issuer": _CERTIFICATE,
    "conflicting_certificates": _CERTIFICATE,
    "statement": UNVERIFIED,
    "bad_signature": UNVERIFIED,
    "too_few_signatures": UNVERIFIED,
    "unknown_key": UNVERIFIED,
    "wrong_type": UNVERIFIED,
    "wrong_referral": _SEALED,
    "not_for_me": _SEALED,
    "wrong_sender": _SEALED,
    "sender_role": _SEALED,
    "age_armor": _SEALED,
    "age_format": _SEALED,
    "age_integrity": _SEALED,
    "age_header_mac": _SEALED,
    "age_payload": _SEALED,
    "no_match": mark(
        "This message was sealed before this phone was ready for it, or for other phones. Its"
        " sender will be told."
    ),
    "kind_unavailable": mark(
        "This was sealed with the strongest keys, which this phone cannot use any more. Sync: it"
        " then tells others to seal as it can open. If it is urgent, call the sender."
    ),
    "mixed_recipients": _DEFECT,
    "mistyped_key": _DEFECT,
    "padding": _SEALED,
    "enrolment_proof": mark(
        "The proof of this enrolment does not fit. Ask the coordinator for a new invitation."
    ),
    "unsigned": _DEFECT,
    "stale_request": _CLOCK,
    "clock_wrong": _CLOCK,
    "digest_mismatch": mark("The network changed what was sent. Try again on another network."),
    "not_an_export": mark("This file is not an export of the log. Download it again."),
    "unusable_input": INPUT,
    # what the server may answer
    "claimed_in_future": mark(
        "This phone's clock is ahead. Set date and time to automatic; it is then sent by itself."
    ),
    "envelopes_mismatch": _DEFECT,
    "unknown_provider": mark(
        "A provider on your list is not in the server's list now. Sync, then choose again."
    ),
    "unknown_referral": mark("The server does not know this referral. Sync, then look again."),
    "referral_exists": mark("This was sent already. Look at it under sent referrals."),
    "timeline_moved": _OVERTAKEN,
    "not_your_event": _NOT_YOURS,
    "snapshot_number": _NOT_YOURS,
    "snapshot_unusable": _NOT_YOURS,
    "unknown_checklist_file": EDITION_LATER,
    "checklist_file_mismatch": _NOT_YOURS,
    "checklist_file_size": _NOT_YOURS,
    "checklist_files_missing": _NOT_YOURS,
    "too_many_checklist_files": _NOT_YOURS,
    "directory_unpublished": mark(
        "The coordinator has not published a list of providers yet. Sync again later."
    ),
    "not_your_statement": _NOT_YOURS,
    "live_unusable": _DEFECT,
    "unknown_enrolment": mark(
        "The server does not know this request. Ask the coordinator for a new invitation."
    ),
    "too_many_enrolments": mark(
        "Too many phones are waiting for approval. Tell the coordinator, and try again later."
    ),
    "invitation_used": mark(
        "This invitation was used by another phone. Ask the coordinator for a new one."
    ),
    "enrolment_decided": mark("The coordinator has decided already. Ask the coordinator."),
    "certificate_mismatch": _CERTIFICATE,
    "log_range": UNVERIFIED,
    "cosignature_unusable": _CLOCK,
    "not_this_history": UNVERIFIED,
    "witness_silent": TROUBLE,
    "witness_ahead": TROUBLE,
    "witness_folder": TROUBLE,
    "unknown_country": mark("This server does not serve your country. Tell the coordinator."),
    "no_programme": TROUBLE,
    "replayed_request": mark("This request was received before. Sync, then look again."),
    "wrong_role": _NOT_YOURS,
    "wrong_country": _NOT_YOURS,
    "body_too_large": mark("This is too long to be sent. Shorten what you wrote."),
    "event_too_large": mark("This is too long to be sent. Shorten what you wrote."),
    "wrong_media_type": _DEFECT,
    "no_such_address": mark("The server does not know this request. Update the app."),
    "server_defect": TROUBLE,
    "store_unavailable": TROUBLE,
}
