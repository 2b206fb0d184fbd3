"""Sealing open cases anew, by a person's touch and with the phones named: a provider's phone shares
with colleagues, a sender's phone sends again to a provider that lost its phones."""

from attrs import frozen

from mobile.casework.custody import Custody, Holder
from mobile.casework.phone import Phone
from mobile.flows.custody_words import phone_options
from mobile.flows.flow import Run, at_once
from mobile.flows.parts import Option
from mobile.flows.refusals import NothingChosenError
from mobile.flows.sent import names_of
from mobile.flows.syncing import SyncingFlow
from mobile.locale import Words


@frozen
class SharingView:
    """`phones`: those that cannot open the case or cases yet, to be chosen; `warning`: what to do
    first; `done`: what was done, in words."""

    title: str
    explanation: str
    warning: str
    phones_title: str
    phones: tuple[Option, ...]
    alone: str
    done: str
    button: str
    problem: str | None
    synced: str
    busy: bool


class SharingFlow(SyncingFlow):
    """All open cases of a provider's phone, or (`referral`) one that this phone sent."""

    def __init__(
        self, phone: Phone, words: Words, referral: str | None, run: Run = at_once
    ) -> None:
        super().__init__(phone, words, run)
        self._id = referral
        self._done = ""
        self._left_out: set[str] = set()

    @property
    def view(self) -> SharingView:
        """What the screen shows now."""
        return self._own() if self._id is None else self._sent(self._id)

    def pick(self, keyid: str) -> None:
        """Choose a phone, or leave it out."""
        self._left_out ^= {keyid}

    def share(self) -> None:
        """Seal for the phones chosen; it leaves at the next sync. Raises NothingChosenError, and
        what `Resealing.share` and `Resealing.send_again` raise."""
        chosen = [each.key for each in self.view.phones if each.chosen]
        if not chosen:
            raise NothingChosenError("choose a phone first")
        if self._id is None:
            count = self.phone.resealing.share(chosen)
            self._done = self.words.plural("{n} case shared.", "{n} cases shared.", count)
        else:
            self.phone.resealing.send_again(self._id, chosen)
            self._done = self.words("Sealed again, for the phones chosen only.")

    def _own(self) -> SharingView:
        words, keeping = self.words, self.phone.resealing.keeping()
        phones = tuple(each.device for each in keeping.lacking)
        cases = {each for lacking in keeping.lacking for each in lacking.referrals}
        alone = words.plural(
            "{n} open case can be opened by this phone only.",
            "{n} open cases can be opened by this phone only.",
            len(keeping.alone),
        )
        return self._view(
            title=words("Share open cases"),
            explanation=words(
                "These phones of your organisation cannot open cases that are open on this phone."
                " Only phones of your own organisation ever can."
            )
            if phones
            else words("Every phone of your organisation can open what this phone can."),
            warning=words("Share only with phones you know. Ask in person whose each one is.")
            if phones
            else "",
            phones=phones,
            alone=alone if keeping.alone else "",
            button=words.plural("Share {n} case", "Share {n} cases", len(cases)) if phones else "",
        )

    def _sent(self, referral: str) -> SharingView:
        words, custody = self.words, self.phone.resealing.custody(referral)
        name = (
            names_of(self.phone, words).get(custody.provider, custody.provider) if custody else ""
        )
        asking = custody.asking if custody else ()
        return self._view(
            title=words("Send the case again"),
            explanation=words(
                "{name} says that it cannot open the case any more. The same case, no more than"
                " the person agreed to, is sealed again for the phones below.",
                name=name,
            )
            if asking
            else words("Nobody waits for this case to be sent again."),
            warning=self._first(custody, name),
            phones=asking,
            alone="",
            button=words("Send it again") if asking else "",
        )

    def _first(self, custody: Custody | None, name: str) -> str:
        """What to do before anything is sent again."""
        words = self.words
        if custody is None or not custody.asking:
            return ""
        call = words(
            "First call {name} on a number you knew before. Ask whose phone it is.", name=name
        )
        if not custody.holders:
            return call
        phones = words.list(each.name for each in custody.holders)
        other = words("{phones} can still open it: sharing it there comes first.", phones=phones)
        return f"{call} {other}"

    def _view(  # noqa: PLR0917 - what differs between the two
        self,
        title: str,
        explanation: str,
        warning: str,
        phones: tuple[Holder, ...],
        alone: str,
        button: str,
    ) -> SharingView:
        chosen = {each.keyid for each in phones} - self._left_out
        return SharingView(
            title=title,
            explanation=explanation,
            warning=warning,
            phones_title=self.words("Phones") if phones else "",
            phones=phone_options(self.words, phones, chosen),
            alone=alone,
            done=self._done,
            button=button,
            problem=self.problem,
            synced=self.synced,
            busy=self.busy,
        )
