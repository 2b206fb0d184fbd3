"""The PIN: choosing it the first time, entering it afterwards."""

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.flows.flow import Flow, Run, at_once
from mobile.flows.parts import Goto
from mobile.flows.refusals import PinsDifferError
from mobile.locale import Words
from mobile.vault.errors import LockedOutError, WipedError, WrongPinError
from mobile.vault.keys import Parameters, Protection, measure_parameters
from protocols.errors import AmanaError


@frozen
class UnlockView:
    """`first`: a PIN is to be chosen (and `repeat_label` entered too). `wait_seconds`: the button
    rests so long, counted from when the view was made."""

    first: bool
    title: str
    explanation: str
    pin_label: str
    repeat_label: str | None
    button: str
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

    @property
    def view(self) -> UnlockView:
        """What the screen shows now."""
        words, first = self.words, not self.phone.exists
        return UnlockView(
            first=first,
            title=words("Choose a PIN") if first else words("Enter your PIN"),
            explanation=self._explanation(first),
            pin_label=words("PIN or passphrase"),
            repeat_label=words("The same again") if first else None,
            button=words("Protect this phone") if first else words("Open"),
            busy=self.busy,
            busy_text=words("One moment: the key is being made from your PIN."),
            problem=self.problem,
            wait_seconds=self._wait,
            protection="" if first else protection_text(words, self.phone.protection),
            forgot_button="" if first else words("Forgot the PIN?"),
            leads_to=self._leads_to(),
        )

    def create(self, pin: str, repeated: str) -> None:
        """Set the phone up under `pin`. Raises PinsDifferError."""
        if pin != repeated:
            raise PinsDifferError("the two PINs differ; enter both again")

        def work() -> None:
            chosen = self._parameters or measure_parameters().parameters
            self.phone.create(pin, parameters=chosen)

        self._slowly(work, self._opened)

    def unlock(self, pin: str) -> None:
        """Open the vault; a wrong PIN shows as `problem` with the wait and the tries left."""
        self._slowly(lambda: self.phone.unlock(pin), self._opened)

    def _opened(self, _: None) -> None:
        self._wait, self._wiped = 0, False

    def _failed(self, error: AmanaError) -> None:
        if isinstance(error, WrongPinError | LockedOutError):
            self._wait = error.wait_seconds
        if isinstance(error, WipedError):
            self._wait = 0
        super()._failed(error)

    def _explanation(self, first: bool) -> str:
        if not first:
            return self.words("After 10 wrong PINs everything on this phone is erased.")
        return self.words(
            "The PIN protects everything on this phone. Nobody can recover it for you, unless you"
            " hand recovery sheets to colleagues once the phone is set up. Six digits"
            " keep out a curious person; a phrase of 10 or more letters and digits also holds"
            " against experts who take the phone. After 10 wrong tries everything is erased."
        )

    def _leads_to(self) -> Goto | None:
        if not self.phone.unlocked:
            return None
        return Goto("home" if self.phone.identity is not None else "enrol")


def protection_text(words: Words, protection: Protection) -> str:
    """What stands between a seized phone and its records."""
    if protection is Protection.DEVICE_SECRET:
        return words("Protected by your PIN and by this phone's own secure hardware.")
    if protection is Protection.PASSPHRASE:
        return words("Protected by your passphrase.")
    return words(
        "Protected by a short PIN alone: experts who take this phone could find it in hours or"
        " days. A phrase of 10 or more letters and digits protects much better."
    )
