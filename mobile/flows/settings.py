"""Language, who this phone is, what protects it, a new PIN, locking and the quick wipe."""

from collections.abc import Callable
from datetime import timedelta

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.flows.flow import Flow, Run, at_once
from mobile.flows.labels import role_text
from mobile.flows.parts import Goto, Option, Section
from mobile.flows.refusals import PinsDifferError
from mobile.flows.unlock import protection_text
from mobile.locale import LANGUAGES, Words
from mobile.locale.words import NAMES
from mobile.vault.keys import Measured, measure_parameters


@frozen
class SettingsView:
    """`identity`: who this phone is. `sheets_button` is empty on a locked phone. The wipe is
    confirmed by holding a button."""

    title: str
    language_title: str
    languages: tuple[Option, ...]
    identity: Section
    protection_title: str
    protection: str
    one_try: str
    taken_button: str
    sheets_button: str
    pin_title: str
    old_pin_label: str
    new_pin_label: str
    repeat_label: str
    pin_button: str
    pin_changed: str
    lock_button: str
    wipe_button: str
    wipe_explanation: str
    wipe_hold: str
    wipe_confirm: str
    busy: bool
    problem: str | None
    leads_to: Goto | None


class SettingsFlow(Flow):
    """`choose`: takes the language chosen; the app keeps it and builds its screens anew."""

    def __init__(
        self,
        phone: Phone,
        words: Words,
        run: Run = at_once,
        choose: Callable[[str], None] = lambda _: None,
    ) -> None:
        super().__init__(phone, words, run)
        self._choose = choose
        self._changed_pin = ""

    @property
    def view(self) -> SettingsView:
        """What the screen shows now."""
        words, open_ = self.words, self.phone.unlocked
        return SettingsView(
            title=words("Settings"),
            language_title=words("Language"),
            languages=tuple(
                Option(each, NAMES[each], each == words.language) for each in LANGUAGES
            ),
            identity=self._identity(),
            protection_title=words("What protects this phone"),
            protection=protection_text(words, self.phone.protection) if self.phone.exists else "",
            one_try=self._one_try(),
            taken_button=words("If this phone is taken") if open_ else "",
            sheets_button=words("Recovery sheets, for a forgotten PIN") if open_ else "",
            pin_title=words("Change the PIN"),
            old_pin_label=words("PIN until now"),
            new_pin_label=words("New PIN or passphrase"),
            repeat_label=words("The same again"),
            pin_button=words("Change"),
            pin_changed=self._changed_pin,
            lock_button=words("Lock now"),
            wipe_button=words("Erase everything"),
            wipe_explanation=words(
                "Everything on this phone is destroyed at once and for good: screenings, referrals"
                " and keys. What has not been sent is lost."
            ),
            wipe_hold=words(
                "Keep your finger on the button until it is full. If you let go, nothing happens."
            ),
            wipe_confirm=words("Yes, erase everything now"),
            busy=self.busy,
            problem=self.problem,
            leads_to=None if open_ else Goto("unlock"),
        )

    def choose_language(self, language: str) -> None:
        """Speak this language from now on."""
        self._choose(language)

    def change_pin(self, old: str, new: str, repeated: str) -> None:
        """A wrong old PIN counts as a try and shows as `problem`. Raises PinsDifferError."""
        if new != repeated:
            raise PinsDifferError("the two new PINs differ; enter both again")
        self._changed_pin = ""

        def work() -> None:
            self.phone.change_pin(old, new, self._measured())

        self._slowly(work, self._done)

    def lock(self) -> None:
        """Drop the keys from memory."""
        self.phone.lock()

    def wipe(self) -> None:
        """Destroy everything; works on a locked phone too."""
        self.phone.quick_wipe()

    def _measured(self) -> Measured | None:
        """The device is measured anew with each new PIN; a vault made for tests stays one."""
        return None if self.phone.parameters.for_tests else measure_parameters()

    def _one_try(self) -> str:
        if not self.phone.exists or not self.phone.terms.try_ms:
            return ""
        seconds = max(1, round(self.phone.terms.try_ms / 1000))
        return self.words(
            "Trying one PIN takes about {time} on this phone.",
            time=self.words.duration(timedelta(seconds=seconds)),
        )

    def _done(self, _: None) -> None:
        self._changed_pin = self.words("The PIN is changed.")

    def _identity(self) -> Section:
        words = self.words
        me = self.phone.identity if self.phone.unlocked else None
        if me is None:
            return Section(words("This phone"), ())
        lines = (
            words("{name}: {value}", name=words("Organisation"), value=me.organisation_name),
            words("{name}: {value}", name=words("Role"), value=role_text(words, me.role)),
            words("{name}: {value}", name=words("Name of this phone"), value=me.label),
            words("{name}: {value}", name=words("Its key"), value=me.keyid[:16]),
        )
        return Section(words("This phone"), lines)
