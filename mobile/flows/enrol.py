"""Joining an organisation with an invitation, and reading the short code to the coordinator."""

from attrs import frozen

from mobile.flows.flow import Flow
from mobile.flows.labels import role_text
from mobile.flows.parts import Goto


@frozen
class EnrolView:
    """`code`: once there is one, it is read aloud to the coordinator and `state` says how it
    stands; before, invitation and device name are asked for."""

    title: str
    explanation: str
    invitation_label: str
    scan_button: str
    name_label: str
    name_hint: str
    button: str
    joins: str
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

    _state = "pending"

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
            code=None if code is None else f"{code[:4]} {code[4:]}",
            code_explanation=words(
                "Read this code aloud to the coordinator, in person or on a call. Both must see the"
                " same digits. If they differ, stop: somebody stands between you."
            ),
            state=self._state_text(code),
            poll_button=words("Ask whether it is approved"),
            later_button=words("Practise first"),
            busy=self.busy,
            problem=self.problem,
            leads_to=Goto("home") if enrolled else None,
        )

    def begin(self, invitation: str, name: str) -> None:
        """Ask to join with the invitation's text, as the device `name`."""
        self._state = "pending"
        self._slowly(lambda: self.phone.enrolment.begin(invitation, name), lambda _: None)

    def poll(self) -> None:
        """Ask the server whether the coordinator has decided."""
        self._slowly(self.phone.enrolment.poll, self._polled)

    def _polled(self, state: str) -> None:
        self._state = state

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
        if self._state == "refused":
            return self.words("The coordinator refused. Ask for a new invitation.")
        return self.words("Waiting for the coordinator's approval.") if code else ""
