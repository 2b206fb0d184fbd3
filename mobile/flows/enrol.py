"""Joining an organisation with an invitation, and reading the short code to the coordinator."""

from attrs import frozen

from mobile.flows.flow import Flow
from mobile.flows.labels import role_text
from mobile.flows.parts import Goto


@frozen
class EnrolView:
    """`asks`: invitation and device name are asked for; afterwards `state` says how it stands, and
    `code`, once there is one, is read aloud to the coordinator."""

    title: str
    explanation: str
    invitation_label: str
    scan_button: str
    name_label: str
    name_hint: str
    button: str
    joins: str
    asks: bool
    code: str | None
    code_explanation: str
    state: str
    poll_button: str
    later_button: str
    busy: bool
    problem: str | None
    leads_to: Goto | None


class EnrolFlow(Flow):
    """From an invitation to a certified phone."""

    @property
    def view(self) -> EnrolView:
        """What the screen shows now."""
        words = self.words
        enrolled = self.phone.identity is not None
        code = None if enrolled else self.phone.enrolment.short_code
        return EnrolView(
            title=words("Join your organisation"),
            explanation=words(
                "Scan the invitation that your coordinator shows you, or paste its text."
            ),
            invitation_label=words("Invitation"),
            scan_button=words("Scan"),
            name_label=words("A name for this phone"),
            name_hint=words("Colleagues see it. Not your own name: for example “Blue phone”."),
            button=words("Ask to join"),
            joins=self._joins(),
            asks=not self.phone.enrolment.asked,
            code=None if code is None else f"{code[:4]} {code[4:]}",
            code_explanation=words(
                "Read this code aloud to the coordinator, in person or on a call. Both must see the"
                " same digits. If they differ, stop: somebody stands between you."
            ),
            state=self._state_text(code),
            poll_button=words("Go on") if code is None else words("Ask whether it is approved"),
            later_button=words("Practise first"),
            busy=self.busy,
            problem=self.problem,
            leads_to=Goto("home") if enrolled else None,
        )

    def begin(self, invitation: str, name: str) -> None:
        """Ask to join with the invitation's text, as the device `name`."""
        self._slowly(lambda: self.phone.enrolment.begin(invitation, name), lambda _: None)

    def poll(self) -> None:
        """Go on with the comparison, and ask the server whether it is decided."""
        self._slowly(self.phone.enrolment.poll, lambda _: None)

    def _joins(self) -> str:
        invitation = self.phone.enrolment.invitation
        if invitation is None:
            return ""
        return self.words(
            "You join {organisation} as {role}.",
            organisation=invitation.organisation,
            role=role_text(self.words, invitation.role),
        )

    def _state_text(self, code: str | None) -> str:
        words, enrolment = self.words, self.phone.enrolment
        if enrolment.refused:
            return self._refusal()
        if code:
            return words("Waiting for the coordinator's approval.")
        if not enrolment.asked:
            return ""
        return words(
            "Waiting until the coordinator's side answers. Tell the coordinator that you have"
            " scanned, then press “Go on”."
        )

    def _refusal(self) -> str:
        words = self.words
        match self.phone.enrolment.refusal:
            case "two_devices":
                return words(
                    "Two devices asked with this invitation: somebody else has it. Nobody was let"
                    " in. Ask for a new one, where nobody sees or hears."
                )
            case "different":
                return words(
                    "The digits differed: somebody may stand between you. Nobody was let in. Ask"
                    " for a new invitation, in person."
                )
            case "used":
                return words(
                    "This invitation let another device in. If that was not you, tell the"
                    " coordinator at once."
                )
            case "second_contribution":
                return words(
                    "Somebody stands between you and the coordinator. This phone has stopped. Tell"
                    " the coordinator, and ask for a new invitation in person."
                )
            case _:
                return words("The coordinator refused. Ask for a new invitation.")
