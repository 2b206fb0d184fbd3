"""The checklists as installed, in place of the fictional one."""

from protocols.screening import checklist


def installed(monkeypatch):
    for place in (
        "mobile.casework.screenings",
        "protocols.screening.interview",
        "mobile.flows.new_screening",
        "mobile.flows.case_words",
    ):
        monkeypatch.setattr(f"{place}.load", checklist.load)
    for place in ("mobile.flows.new_screening", "mobile.flows.case_words"):
        monkeypatch.setattr(f"{place}.available", checklist.available)
