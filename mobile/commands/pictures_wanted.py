"""Which screens are drawn, and how their pictures are called."""

from attrs import frozen


@frozen
class Wanted:
    """One screen to draw: what it is about (None: nothing, or the newest there is), and how far it
    is scrolled (1.0 top, 0.0 bottom). `file` is the picture's name without language and ending."""

    screen: str
    file: str
    record: str | None = None
    scroll: float = 1.0


CASE = "tn-labour_inspector-adult-olive-press"
"""The practice case that is drawn."""
UNDER_WAY, LED = "under-way", "led"
"""In place of a record: `CASE` being practised, or led to its end with something missed."""
DEMO: dict[str, tuple[Wanted, ...]] = {
    "inspector": (
        Wanted("unlock", "inspector-unlock"),
        Wanted("home", "inspector-home"),
        Wanted("new_screening", "inspector-new-screening"),
        Wanted("interview", "inspector-interview"),
        Wanted("findings", "inspector-findings"),
        Wanted("person", "inspector-person"),
        Wanted("providers", "inspector-providers"),
        Wanted("consent", "inspector-consent"),
        Wanted("review", "inspector-review"),
        Wanted("sent", "inspector-sent"),
        Wanted("sent", "inspector-timeline", scroll=0.35),
        Wanted("practice", "inspector-practice"),
        Wanted("practice_case", "inspector-practice-case", CASE),
        Wanted("interview", "inspector-practice-interview", UNDER_WAY),
        Wanted("practice_feedback", "inspector-practice-feedback", LED),
        Wanted("practice_feedback", "inspector-practice-missed", LED, scroll=0.6),
        Wanted("practice_progress", "inspector-practice-progress"),
        Wanted("info", "inspector-info"),
        Wanted("settings", "inspector-settings"),
        Wanted("recovery", "inspector-recovery"),
        Wanted("recovery_making", "inspector-recovery-hand", "2-3"),
        Wanted("spare", "inspector-spare"),
        Wanted("taken", "inspector-taken"),
    ),
    "shelter-sfax": (
        Wanted("home", "shelter-home"),
        Wanted("inbox", "shelter-inbox"),
        Wanted("referral", "shelter-referral"),
        Wanted("referral", "shelter-messages", scroll=0.4),
    ),
    "coordinator": (
        Wanted("home", "coordinator-home"),
        Wanted("coordination", "coordinator-referrals"),
        Wanted("watch", "coordinator-watch"),
        Wanted("add_device", "coordinator-add-device"),
    ),
}
"""What is drawn of each of the demo's phones; a new screen is added here."""
