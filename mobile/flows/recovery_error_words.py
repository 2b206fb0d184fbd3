"""The words of each refusal of recovery sheets and spare copies, by its code."""

from mobile.locale import mark

OF_RECOVERY: dict[str, str] = {
    # recovery sheets
    "sheet_unfinished": mark("Words are missing. Enter every word of the sheet."),
    "sheet_word_unknown": mark("One word is none of the list. Look at the sheet again."),
    "sheet_word_wrong": mark(
        "The words do not fit together: more than one is wrong or in the wrong place. Compare each"
        " with the sheet."
    ),
    "sheet_unfit": mark(
        "These words are no recovery sheet of this app, or the sheets do not belong together."
        " Look for the sheets that were made last."
    ),
    "sheet_of_another_set": mark(
        "This sheet belongs to another set. Look for one of the right set."
    ),
    "sheet_twice": mark("This sheet was entered already. Take another colleague's sheet."),
    "sheets_too_few": mark("More sheets are needed. Enter another colleague's sheet."),
    "recovery_none": mark(
        "No recovery sheets were made for this phone, or they were removed. Without the PIN nothing"
        " opens it."
    ),
    "recovery_damaged": mark(
        "These sheets do not open this phone: they are older than its last ones, or of another"
        " phone. Nothing was changed. Look for the sheets that were made last."
    ),
    # spare copies
    "spare_damaged": mark(
        "This file is no spare copy, or it was changed or is not whole. Nothing was taken in. Look"
        " for another copy."
    ),
    "spare_of_other_sheets": mark(
        "These sheets do not open this copy. Look for the sheets of its time, or for the copy that"
        " belongs to these sheets."
    ),
    "spare_kind": mark(
        "This phone lacks what opens this copy. Nothing is lost: take it in on another phone, or"
        " update the app."
    ),
    "spare_place": mark("This place cannot be used. Choose another, and see that there is room."),
    "spare_format": mark(
        "This copy was written by an older or newer app. Nothing is lost: update the app and try"
        " again."
    ),
    "spare_foreign": mark(
        "This copy is of a phone of another organisation or role. Take it in on a phone that joined"
        " as that one did."
    ),
    "spare_too_large": mark("Too much is open for one copy. Finish or delete screenings first."),
}
