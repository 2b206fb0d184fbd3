"""Joining an organisation with an invitation, and reading the short code to the coordinator."""

from pathlib import Path
from typing import Any

from attrs import frozen

from mobile.casework.files import read_file, write_file
from mobile.flows.flow import Flow
from mobile.flows.labels import role_text
from mobile.flows.parts import Goto
from mobile.flows.refusals import NothingChosenError

GROUP = 4
MOST_ANSWER = 8 * 1024 * 1024
REQUEST_NAME = "amana-request.json"


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
    file_title: str
    file_explanation: str
    place_label: str
    place: str
    write_button: str
    written: str
    file_code: tuple[str, ...]
    file_code_explanation: str
    answer_label: str
    answer_explanation: str
    answer_button: str
    busy: bool
    problem: str | None
    leads_to: Goto | None


class EnrolFlow(Flow):
    """From an invitation to a certified phone."""

    _written = ""

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
            **self._by_file(enrolled),
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

    def write_request(self, invitation: str, name: str, place: str) -> None:
        """Ask to join by file: the request goes to `place`, a folder or a file's name."""
        path = self._path(place)
        data = self.phone.enrolment.request_file(invitation, name)
        self._written = str(write_file(path, REQUEST_NAME, data))

    def take_answer(self, place: str) -> None:
        """Join with the office's answer, the file at `place`."""
        data = read_file(self._path(place), MOST_ANSWER)
        self._slowly(lambda: self.phone.enrolment.take_answer(data), lambda _: None)

    @staticmethod
    def _path(place: str) -> Path:
        if not place.strip():
            raise NothingChosenError("no place is named; write one")
        return Path(place.strip()).expanduser()

    def _by_file(self, enrolled: bool) -> dict[str, Any]:
        words = self.words
        code = None if enrolled else self.phone.enrolment.file_code
        groups = tuple(code[at : at + GROUP] for at in range(0, len(code), GROUP)) if code else ()
        return {
            "file_title": words("No network here?"),
            "file_explanation": words(
                "This phone can write its request into a file. Carry it to the office, on a card or"
                " a stick. Nothing in it is secret. The office gives you a file back."
            ),
            "place_label": words("Where the file goes: a folder"),
            "place": str(Path.home()),
            "write_button": words("Write the file"),
            "written": words("Written: {file}", file=self._written) if self._written else "",
            "file_code": groups,
            "file_code_explanation": words(
                "The office asks for these 24 digits. Take this phone with you, or read them on a"
                " call. All of them must be the same."
            ),
            "answer_label": words("The office's answer: the file"),
            "answer_explanation": words("With the answer this phone joins without a network."),
            "answer_button": words("Take the answer in"),
        }

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
