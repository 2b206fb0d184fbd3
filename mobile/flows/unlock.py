"""The PIN: choosing it the first time, entering it afterwards."""

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.flows.errors import explain
from mobile.flows.flow import Flow, Run, at_once
from mobile.flows.parts import Goto
from mobile.flows.refusals import PinsDifferError
from mobile.locale import Words
from mobile.vault.errors import (
    DeviceKeyError,
    LockedOutError,
    WeakPinError,
    WipedError,
    WrongPinError,
)
from mobile.vault.keys import (
    Parameters,
    Protection,
    check_pin,
    measure_parameters,
    normalise_pin,
    protection_of,
)
from protocols.errors import AmanaError


@frozen
class UnlockView:
    """`first`: a PIN is to be chosen (and `repeat_label` entered too). `warning`: what the short
    PIN just entered would mean; `anyway_button` takes it all the same. `wait_seconds`: the button
    rests so long, counted from when the view was made."""

    first: bool
    title: str
    explanation: str
    pin_label: str
    repeat_label: str | None
    button: str
    warning: str
    anyway_button: str
    busy: bool
    busy_text: str
    problem: str | None
    wait_seconds: int
    protection: str
    forgot_button: str
    leads_to: Goto | None


class UnlockFlow(Flow):
    """`parameters`: of the PIN's hash on first run (None: measured on this device)."""

    def __init__(
        self,
        phone: Phone,
        words: Words,
        run: Run = at_once,
        parameters: Parameters | None = None,
    ) -> None:
        super().__init__(phone, words, run)
        self._parameters = parameters
        self._wait = 0
        self._wiped = False
        self._warned = False

    @property
    def view(self) -> UnlockView:
        """What the screen shows now."""
        words, first = self.words, not self.phone.exists
        warned = first and self._warned
        return UnlockView(
            first=first,
            title=self._title(first),
            explanation=self._explanation(first),
            pin_label=words("PIN or passphrase"),
            repeat_label=words("The same again") if first else None,
            button=words("Protect this phone") if first else words("Open"),
            warning=words(
                "This PIN is short, and nothing else protects this phone. Experts who take it find"
                " the PIN in hours or days, and then read everything. Enter a passphrase in its"
                " place, or take the short PIN knowing that."
            )
            if warned
            else "",
            anyway_button=words("Take the short PIN all the same") if warned else "",
            busy=self.busy,
            busy_text=words("One moment: the key is being made from your PIN."),
            problem=self.problem,
            wait_seconds=self._wait,
            protection="" if first else self._protection(),
            forgot_button="" if first else words("Forgot the PIN?"),
            leads_to=self._leads_to(),
        )

    def create(self, pin: str, repeated: str, *, knowing: bool = False) -> None:
        """Set the phone up under `pin`. One that would alone stand between an expert and the
        records is warned of first, and taken by the one who answers `knowing`ly. Raises
        PinsDifferError."""
        if pin != repeated:
            raise PinsDifferError("the two PINs differ; enter both again")
        try:
            self._warned = not knowing and self._alone(pin)
        except WeakPinError as error:
            self._failed(error)
            return
        if self._warned:
            self.problem = None
            return

        def work() -> None:
            if self._parameters is not None:
                self.phone.create(pin, parameters=self._parameters)
            else:
                self.phone.create(pin, measured=measure_parameters())

        self._slowly(work, self._opened)

    def unlock(self, pin: str) -> None:
        """Open the vault; a wrong PIN shows as `problem` with the wait and the tries left."""
        self._slowly(lambda: self.phone.unlock(pin), self._opened)

    def _alone(self, pin: str) -> bool:
        """Whether it would be a short PIN without anything beside it. Raises WeakPinError."""
        normal = normalise_pin(pin)
        check_pin(normal)
        kind = protection_of(normal, in_hardware=self._in_hardware)
        return kind is Protection.PIN_ALONE

    @property
    def _in_hardware(self) -> bool:
        """Hardware that does not answer now is not counted on; making the vault will say so."""
        try:
            return self.phone.in_hardware
        except DeviceKeyError:
            return False

    def _opened(self, _: None) -> None:
        self._wait, self._wiped = 0, False

    def _failed(self, error: AmanaError) -> None:
        if isinstance(error, WrongPinError | LockedOutError):
            self._wait = error.wait_seconds
        if isinstance(error, WipedError):
            self._wait = 0
        super()._failed(error)

    def _explanation(self, first: bool) -> str:
        words = self.words
        if not first:
            most, left = self.phone.terms.most_tries, self.phone.tries_left
            if left >= most:
                return words.plural(
                    "After {n} wrong PIN everything on this phone is erased.",
                    "After {n} wrong PINs everything on this phone is erased.",
                    most,
                )
            return words.plural(
                "{n} more wrong PIN, and everything on this phone is erased.",
                "{n} more wrong PINs, and everything on this phone is erased.",
                left,
            )
        if self._in_hardware:
            return words(
                "The PIN protects everything on this phone, together with a secret that the phone's"
                " own hardware does not give out: a PIN of six digits or more is enough. Nobody can"
                " recover it for you, unless you hand recovery sheets to colleagues once the phone"
                " is set up. After 10 wrong tries everything is erased."
            )
        return words(
            "No secure hardware helps the PIN on this phone, so choose a passphrase: 10 or more"
            " letters and digits, for example four words that have nothing to do with each other."
            " It holds against experts who take the phone; six digits keep out only a curious"
            " person. Nobody can recover it for you, unless you hand recovery sheets to colleagues"
            " once the phone is set up. After 10 wrong tries everything is erased."
        )

    def _protection(self) -> str:
        try:
            return protection_text(self.words, self.phone.protection)
        except DeviceKeyError as error:
            return explain(self.words, error)

    def _title(self, first: bool) -> str:
        if not first:
            return self.words("Enter your PIN")
        if self._in_hardware:
            return self.words("Choose a PIN")
        return self.words("Choose a passphrase")

    def _leads_to(self) -> Goto | None:
        if not self.phone.unlocked:
            return None
        used = self.phone.identity is not None or bool(self.phone.practice.attempts())
        return Goto("home" if used else "enrol")


def protection_text(words: Words, protection: Protection | None) -> str:
    """What stands between a seized phone and its records; empty where a locked phone does not
    say."""
    if protection is None:
        return ""
    if protection is Protection.DEVICE_SECRET:
        return words("Protected by your PIN and by this phone's own secure hardware.")
    if protection is Protection.PASSPHRASE:
        return words("Protected by your passphrase.")
    return words(
        "Protected by a short PIN alone: experts who take this phone could find it in hours or"
        " days. A phrase of 10 or more letters and digits protects much better."
    )
