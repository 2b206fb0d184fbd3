"""A coordinator's phone lets a colleague's device in: invitation, comparison, the signed word."""

from attrs import frozen

from mobile.casework.inviting import HostedView, Workplace
from mobile.casework.phone import Phone
from mobile.flows.flow import Flow, Run, at_once
from mobile.flows.labels import role_text
from mobile.flows.parts import Goto, Option, Row
from mobile.flows.refusals import NothingChosenError
from mobile.locale import Words


@frozen
class InvitationView:
    """One invitation. `uri`: shown as a QR code while a device may still scan it. `code`: the
    digits to compare, in two groups. `good`: the state is as it should be."""

    joins: str
    state: str
    good: bool
    bad: bool
    qr_explanation: str
    uri: str | None
    text_title: str
    text_explanation: str
    device: str
    code: str | None
    code_explanation: str
    same_button: str
    different_button: str
    tries: str
    next_button: str
    remove_button: str


@frozen
class AddDeviceView:
    """`choosing`: an organisation and role are asked for, with the open invitations below;
    otherwise `chosen` is looked at."""

    title: str
    choosing: bool
    explanation: str
    organisation_label: str
    organisations: tuple[Option, ...]
    role_label: str
    roles: tuple[Option, ...]
    button: str
    open_title: str
    open: tuple[Row, ...]
    chosen: InvitationView | None
    busy: bool
    busy_text: str
    problem: str | None
    leads_to: Goto | None = None


class AddDeviceFlow(Flow):
    """`invitation`: look at this one; None: begin a new one, or choose among the open ones."""

    def __init__(
        self, phone: Phone, words: Words, invitation: str | None = None, run: Run = at_once
    ) -> None:
        super().__init__(phone, words, run)
        self._invitation = invitation
        self._organisation: str | None = None
        self._role: str | None = None
        self._leads_to: Goto | None = None

    @property
    def view(self) -> AddDeviceView:
        """What the screen shows now. Raises UnknownRecordError for an invitation that is gone."""
        words, chosen = self.words, self._invitation
        choosing = chosen is None
        return AddDeviceView(
            title=words("Add a device"),
            choosing=choosing,
            explanation=words(
                "Invite a colleague's phone. Stay with its holder, or talk on a call with somebody"
                " whose voice you know."
            ),
            organisation_label=words("Organisation"),
            organisations=self._organisations() if choosing else (),
            role_label=words("Role"),
            roles=self._roles() if choosing else (),
            button=words("Make the invitation"),
            open_title=words("Your invitations"),
            open=self._open() if choosing else (),
            chosen=None if chosen is None else self._shown(self.phone.inviting.get(chosen)),
            busy=self.busy,
            busy_text=words("One moment…") if self.busy else "",
            problem=self.problem,
            leads_to=self._leads_to,
        )

    def choose_organisation(self, organisation: str) -> None:
        """Where the device will belong; a single role is chosen with it."""
        self._organisation = organisation
        roles = self._place().roles
        self._role = roles[0] if len(roles) == 1 else None

    def choose_role(self, role: str) -> None:
        """What its holder does there."""
        self._role = role

    def invite(self) -> None:
        """Make the invitation. Raises NothingChosenError before both are chosen."""
        if self._organisation is None or self._role is None:
            raise NothingChosenError("no organisation or role is chosen; choose both")
        made = self.phone.inviting.invite(self._organisation, self._role)
        self._leads_to = Goto("add_device", made.id)

    def look(self) -> None:
        """Ask the server how far the device is, and answer it."""
        if self._invitation is not None:
            chosen = self._invitation
            self._slowly(lambda: self.phone.inviting.look(chosen), lambda _: None)

    def compared(self, *, same: bool) -> None:
        """The holder read the same digits, or others."""
        if self._invitation is not None:
            chosen = self._invitation
            self._slowly(lambda: self.phone.inviting.compared(chosen, same=same), lambda _: None)

    def remove(self) -> None:
        """Forget the invitation with its secret."""
        if self._invitation is not None:
            self.phone.inviting.discard(self._invitation)
            self._invitation = None
            self._leads_to = Goto("add_device")

    def _place(self) -> Workplace:
        places = self.phone.inviting.workplaces()
        return next(each for each in places if each.id == self._organisation)

    def _organisations(self) -> tuple[Option, ...]:
        return tuple(
            Option(each.id, each.name, each.id == self._organisation)
            for each in self.phone.inviting.workplaces()
        )

    def _roles(self) -> tuple[Option, ...]:
        if self._organisation is None:
            return ()
        return tuple(
            Option(each, role_text(self.words, each), each == self._role)
            for each in self._place().roles
        )

    def _open(self) -> tuple[Row, ...]:
        words = self.words
        return tuple(
            Row(
                each.id,
                each.label or each.organisation_name,
                "\n".join((role_text(words, each.role), words.moment(each.expires))),
                self._brief(each),
                urgent=each.step in {"compare", "dead"},
                goto=Goto("add_device", each.id),
            )
            for each in self.phone.inviting.list()
        )

    def _brief(self, view: HostedView) -> str:
        words = self.words
        return {
            "waiting": words("not scanned"),
            "answered": words("answered"),
            "compare": words("compare"),
            "vouched": words("at the office"),
            "let_in": words("joined"),
            "dead": words("stopped"),
            "expired": words("expired"),
        }[view.step]

    def _shown(self, view: HostedView) -> InvitationView:
        words = self.words
        asking = view.step in {"waiting", "answered", "vouched"}
        code = view.code
        return InvitationView(
            joins=words(
                "For {organisation}, as {role}.",
                organisation=view.organisation_name,
                role=role_text(words, view.role),
            ),
            state=self._state(view),
            good=view.step in {"vouched", "let_in"},
            bad=view.step in {"dead", "expired"},
            qr_explanation=words(
                "Let the new phone scan this. Whoever photographs it could try to join in its"
                " place: let nobody else see it."
            ),
            uri=view.uri,
            text_title=words("No camera? The same as text"),
            text_explanation=words(
                "Type it into the new phone, letter by letter. Send it over no chat and no mail."
            ),
            device=words("The phone calls itself “{label}”.", label=view.label)
            if view.label
            else "",
            code=None if code is None else f"{code[:4]} {code[4:]}",
            code_explanation=words(
                "Let the holder read the digits from the new phone to you, in person or on a call."
                " Do not read yours aloud first."
            ),
            same_button=words("The same"),
            different_button=words("Different"),
            tries="" if code is None or view.tries > 2 else self._tries(view.tries),
            next_button=words("See how far it is") if asking else "",
            remove_button=words("Remove this invitation"),
        )

    def _tries(self, left: int) -> str:
        return self.words.plural(
            "The digits differed. Have them read once more, digit by digit. {n} more try, then the"
            " invitation ends.",
            "The digits differed. Have them read once more, digit by digit. {n} more tries, then"
            " the invitation ends.",
            left,
        )

    def _state(self, view: HostedView) -> str:
        words = self.words
        if view.step == "dead":
            return self._dead(view)
        if view.step == "vouched" and not view.handed:
            return words(
                "You vouched for this phone, and the server does not know it yet. Press below when"
                " there is a connection."
            )
        return {
            "waiting": words(
                "Nobody has scanned it yet. It can be used until {when}.",
                when=words.moment(view.expires),
            ),
            "answered": words(
                "The new phone has asked and was answered. Its holder now presses “Go on”; then"
                " press below."
            ),
            "compare": words("Compare the digits now."),
            "vouched": words(
                "You vouched for this phone. The office now certifies it; sync later to see it"
                " joined."
            ),
            "let_in": words("This phone has joined."),
            "expired": words("This invitation has expired. Make a new one."),
        }[view.step]

    def _dead(self, view: HostedView) -> str:
        if view.why == "two_devices":
            return self.words(
                "Two phones asked with this invitation: somebody else has it. Nobody is let in."
                " Make a new one, where nobody sees or hears."
            )
        return self.words(
            "The digits differed three times: somebody may stand between you. Nobody is let in."
            " Invite anew, in person."
        )
