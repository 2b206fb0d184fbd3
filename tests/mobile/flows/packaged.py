"""The checklists as installed, in place of the fictional one."""

from protocols.screening import checklist


def installed(monkeypatch, *only):
    """The app carries the real checklists: all, or those of these ids."""
    ids = only or checklist.available()
    monkeypatch.setattr("mobile.sync.editions.available", lambda: ids)
    monkeypatch.setattr("mobile.sync.editions.packaged", checklist.packaged)
