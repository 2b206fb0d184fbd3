"""If this phone is taken: when it locks, after how many wrong PINs it is erased, and a second PIN
for somebody who is forced.

In the practice vault this reads as on any phone that has not joined an organisation.
"""

from datetime import timedelta

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.flows.flow import Flow, Run, at_once
from mobile.flows.parts import Goto, Option
from mobile.flows.refusals import NothingChosenError, PinsDifferError
from mobile.locale import Words
from mobile.vault.gate import LOCKS_TO_CHOOSE
from mobile.vault.tries import TRIES_TO_CHOOSE

KEEP, DESTROY = "keep", "destroy"


@frozen
class TakenView:
    """`duress_open`: a second PIN can be set here; else `duress_closed` says why not.
    `duress_done`: what was just changed."""

    title: str
    explanation: str
    lock_title: str
    locks: tuple[Option, ...]
    tries_title: str
    tries: tuple[Option, ...]
    duress_title: str
    duress_explanation: str
    duress_open: bool
    duress_closed: str
    pin_label: str
    duress_label: str
    repeat_label: str
    effect_title: str
    effects: tuple[Option, ...]
    duress_button: str
    remove_explanation: str
    remove_button: str
    duress_done: str
    busy: bool
    busy_text: str
    problem: str | None
    leads_to: Goto | None


class TakenFlow(Flow):
    """What is chosen counts at once. The second PIN takes the first to set or remove it."""

    def __init__(self, phone: Phone, words: Words, run: Run = at_once) -> None:
        super().__init__(phone, words, run)
        self._effect = ""
        self._done = ""

    @property
    def view(self) -> TakenView:
        """What the screen shows now."""
        words, terms = self.words, self.phone.terms
        joined = self.phone.unlocked and self.phone.identity is not None
        return TakenView(
            title=words("If this phone is taken"),
            explanation=words(
                "If there is time, touch the sign at the top of any screen: the phone locks and"
                " shows a clock. To destroy everything at once, use “Erase everything” in the"
                " settings."
            ),
            lock_title=words("Locks itself without a touch after"),
            locks=tuple(
                Option(str(each), words.duration(timedelta(seconds=each)), each == terms.lock_after)
                for each in LOCKS_TO_CHOOSE
            ),
            tries_title=words("Erases everything after"),
            tries=tuple(
                Option(
                    str(each),
                    words.plural("{n} wrong PIN", "{n} wrong PINs", each),
                    each == terms.most_tries,
                )
                for each in TRIES_TO_CHOOSE
            ),
            duress_title=words("A second PIN, for when you are forced"),
            duress_explanation=words(
                "It opens a phone for training: practice cases, some done, and nothing real."
                " Nothing on the screen or in its files says that there is another PIN. An expert"
                " who has both this app's source and the second PIN can find out."
            ),
            duress_open=joined,
            duress_closed=""
            if joined
            else words("A second PIN can be set once this phone has joined an organisation."),
            pin_label=words("Your PIN"),
            duress_label=words("Second PIN"),
            repeat_label=words("The second PIN again"),
            effect_title=words("When the second PIN is entered"),
            effects=(
                Option(
                    KEEP,
                    words("Open the practice phone"),
                    self._effect == KEEP,
                    words("Everything real stays, hidden behind your own PIN."),
                ),
                Option(
                    DESTROY,
                    words("Destroy everything real first"),
                    self._effect == DESTROY,
                    words(
                        "At once and for good, without asking. What was not sent is lost. Then your"
                        " own PIN is a wrong one."
                    ),
                ),
            ),
            duress_button=words("Set the second PIN"),
            remove_explanation=words(
                "To do without one, enter your PIN above and leave the second one empty."
            ),
            remove_button=words("Remove the second PIN"),
            duress_done=self._done,
            busy=self.busy,
            busy_text=words("One moment: the key is being made from your PIN."),
            problem=self.problem,
            leads_to=None if self.phone.unlocked else Goto("unlock"),
        )

    def choose_lock(self, seconds: str) -> None:
        """One of the options."""
        self.phone.set_terms(lock_after=int(seconds))

    def choose_tries(self, most: str) -> None:
        """One of the options."""
        self.phone.set_terms(most_tries=int(most))

    def choose_effect(self, effect: str) -> None:
        """What the second PIN does when it is entered."""
        self._effect, self._done = effect, ""

    def set_duress(self, pin: str, duress: str, repeated: str) -> None:
        """A wrong `pin` counts as a try and shows as `problem`. Raises PinsDifferError, and
        NothingChosenError before an effect was chosen."""
        if duress != repeated:
            raise PinsDifferError("the two second PINs differ; enter both again")
        if not self._effect:
            raise NothingChosenError("choose first what the second PIN does")
        self._done, destroys = "", self._effect == DESTROY
        said = self.words("The second PIN is set. Remember which is which.")
        self._slowly(
            lambda: self.phone.set_duress(pin, duress, destroys=destroys),
            lambda _: self._say(said),
        )

    def remove_duress(self, pin: str) -> None:
        """The same whether or not one was set."""
        self._done = ""
        said = self.words("There is no second PIN now.")
        self._slowly(lambda: self.phone.remove_duress(pin), lambda _: self._say(said))

    def _say(self, said: str) -> None:
        self._done = said
