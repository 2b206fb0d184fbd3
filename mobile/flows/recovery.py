"""Recovery sheets in the settings: whether there are any, what they mean, making and removing."""

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.casework.recovery import SheetsView
from mobile.flows.errors import latin
from mobile.flows.flow import Flow, Run, at_once
from mobile.flows.parts import Goto, Option
from mobile.flows.refusals import NothingChosenError
from mobile.flows.spare import warning_text
from mobile.locale import Words
from mobile.vault.keys import Protection
from mobile.vault.sheets import CHOICES
from protocols.sealing.certificate import Role


@frozen
class RecoveryView:
    """`standing`: whether sheets exist, `meaning` what that means. Of the `choices` one is chosen,
    and `warning` says plainly what it allows. `remove_button` is empty where there is nothing to
    remove; removing is confirmed by holding it. `spare_button` leads on to the spare
    copy, `spare_warning` says that it belongs to older sheets."""

    title: str
    standing: str
    meaning: tuple[str, ...]
    choose_title: str
    choices: tuple[Option, ...]
    warning: tuple[str, ...]
    button: str
    spare_button: str
    spare_warning: str
    remove_button: str
    remove_explanation: str
    removed: str
    problem: str | None
    leads_to: Goto | None


class RecoveryFlow(Flow):
    """`making` and `removing` are the two ways on."""

    def __init__(self, phone: Phone, words: Words, run: Run = at_once) -> None:
        super().__init__(phone, words, run)
        self._choice = CHOICES[0]
        self._going = False
        self._removed = ""

    @property
    def view(self) -> RecoveryView:
        """What the screen shows now. Raises LockedError."""
        words, standing = self.words, self.phone.recovery.standing
        return RecoveryView(
            title=words("Recovery sheets"),
            standing=_standing(words, standing),
            meaning=_meaning(words, standing),
            choose_title=words("How many colleagues?"),
            choices=tuple(
                Option(key_of(each), choice_text(words, *each), each == self._choice)
                for each in CHOICES
            ),
            warning=self._warning(),
            button=words("Make recovery sheets") if standing is None else words("Make new ones"),
            spare_button=self._spare_button(),
            spare_warning=warning_text(words, self.phone.spare.last),
            remove_button="" if standing is None else words("Hold to remove them"),
            remove_explanation=words(
                "Once removed, a forgotten PIN cannot be replaced: everything that has not left"
                " this phone is then lost."
            ),
            removed=self._removed,
            problem=self.problem,
            leads_to=Goto("recovery_making", key_of(self._choice)) if self._going else None,
        )

    def choose(self, key: str) -> None:
        """So many sheets. Raises NothingChosenError for what is not offered."""
        self._choice, self._removed = choice_of(key), ""

    def make(self) -> None:
        """Go on to handing them out."""
        self._going, self._removed = True, ""

    def remove(self) -> None:
        """From now on no sheet opens this phone. Raises VaultStorageError."""
        self.phone.recovery.remove()
        self._removed = self.words(
            "No sheet opens this phone any more. Ask your colleagues to destroy theirs."
        )

    def _spare_button(self) -> str:
        """Only a field worker's phone holds what nobody else has."""
        me = self.phone.identity
        worker = me is not None and me.role == Role.FIELD_WORKER
        return self.words("Spare copy, for a lost phone") if worker else ""

    def _warning(self) -> tuple[str, ...]:
        words, (needed, sheets) = self.words, self._choice
        lines = [
            words(
                "Any {needed} of these {sheets} colleagues together, with this phone, can open"
                " everything on it: also without you, and without your PIN. Fewer can do nothing,"
                " and neither can the server.",
                needed=words.number(needed),
                sheets=words.number(sheets),
            )
        ]
        if needed == sheets:
            lines.append(words("If one sheet is lost, the rest open nothing."))
        if self.phone.protection is Protection.DEVICE_SECRET:
            lines.append(
                words(
                    "Whoever has these sheets needs only a copy of this phone's files: its secure"
                    " hardware does not stop them."
                )
            )
        lines.append(
            words(
                "Choose people whom you would trust with every person's case, and who are unlikely"
                " to be put under pressure together. Make no photographs and no copies."
            )
        )
        return tuple(lines)


def key_of(choice: tuple[int, int]) -> str:
    """(2, 3) as "2-3"."""
    return f"{choice[0]}-{choice[1]}"


def choice_of(key: str) -> tuple[int, int]:
    """The other way round. Raises NothingChosenError for what is not offered."""
    for each in CHOICES:
        if key_of(each) == key:
            return each
    raise NothingChosenError("choose how many sheets to make")


def choice_text(words: Words, needed: int, sheets: int) -> str:
    """ "3 sheets, any 2 open"."""
    if needed == sheets:
        return words("{n} sheets, all are needed", n=words.number(sheets))
    return words(
        "{n} sheets, any {needed} are enough",
        n=words.number(sheets),
        needed=words.number(needed),
    )


def _standing(words: Words, standing: SheetsView | None) -> str:
    if standing is None:
        return words("There are no recovery sheets.")
    return words(
        "Made on {date}: {choice}. Each begins with {name}.",
        date=words.date(standing.made),
        choice=choice_text(words, standing.needed, standing.sheets),
        name=latin(words, standing.name),
    )


def _meaning(words: Words, standing: SheetsView | None) -> tuple[str, ...]:
    if standing is None:
        return (
            words(
                "If you forget the PIN, nobody can open this phone, and what has not been sent is"
                " lost."
            ),
            words(
                "Recovery sheets prevent that: papers with words, each kept by another colleague."
            ),
        )
    return (
        words(
            "If you forget the PIN, {needed} of these colleagues can open this phone together with"
            " you, under a new PIN. They can also do it without you.",
            needed=words.number(standing.needed),
        ),
        words("New sheets make these worthless."),
    )
