"""The fictional programme of the demo, run with `amana programme` as a coordinator would."""

from pathlib import Path
from typing import Any

from mobile.casework.phone import Phone
from mobile.commands.demonstration.processes import DemoError, run_amana_json
from mobile.vault.keys import Parameters
from protocols.plain import from_json
from protocols.sealing.certificate import Root

PASSPHRASE = "demo passphrase of a fictional programme"  # noqa: S105 guards nothing real


class Programme:
    """The folder that `amana programme init --fictional` makes."""

    def __init__(self, folder: Path, server: str, log: Path) -> None:
        self.folder = folder
        self.server = server
        self._log = log

    @property
    def server_data(self) -> Path:
        """The server's data folder."""
        return self.folder / "server"

    @property
    def root(self) -> Path:
        """The public root.json."""
        return self.folder / "root" / "root.json"

    @property
    def fingerprint(self) -> str:
        """The root's fingerprint."""
        return from_json(self.root.read_bytes(), Root).fingerprint

    def init(self) -> None:
        """Make root, authorities, server keys and fictional organisations."""
        self._run("init", "--out", str(self.folder), "--fictional", "--server", self.server)

    def publish(self) -> list[dict[str, Any]]:
        """Publish every country's first directory; what the server took of each."""
        published: list[dict[str, Any]] = self._run("publish", "--dir", str(self.folder))
        return published

    def countries(self) -> list[dict[str, Any]]:
        """Each country's organisations, providers and snapshot, as `amana programme status`
        tells them."""
        found: list[dict[str, Any]] = self._run("status", "--dir", str(self.folder))["countries"]
        return found

    def invite(self, country: str, organisation: str, role: str) -> tuple[str, str]:
        """A one-time invitation: its id and the text of its QR code."""
        made = self._run(
            "invite", "--dir", str(self.folder), "--country", country,
            "--organisation", organisation, "--role", role,
        )  # fmt: skip
        return made["invitation"], made["uri"]

    def contribute(self, invitation: str) -> None:
        """Answer the device that asks with this invitation, so that it can show its digits."""
        self._run(
            "contribute", "--dir", str(self.folder), "--invitation", invitation,
            "--server", self.server,
        )  # fmt: skip

    def approve(self, invitation: str, code: str) -> None:
        """Certify the device whose holder read `code` aloud."""
        self._run(
            "approve", "--dir", str(self.folder), "--invitation", invitation, "--code", code,
            "--server", self.server,
        )  # fmt: skip

    def publish_checklist(self, file: Path, country: str) -> dict[str, Any]:
        """Make the checklist in `file` the country's newest edition; its snapshot and edition."""
        published: dict[str, Any] = self._run(
            "checklist", "publish", str(file), "--dir", str(self.folder), "--country", country
        )
        return published

    def revoke(self, *words: str) -> None:
        """`amana programme revoke` with these options."""
        self._run("revoke", "--dir", str(self.folder), *words)

    def enrol(
        self,
        phone: Phone,
        *,
        pin: str,
        country: str,
        organisation: str,
        role: str,
        label: str,
        parameters: Parameters | None = None,
    ) -> str:
        """A new phone joins: invitation, keys, short code compared, approval, certificate
        verified. Returns the short code. Raises DemoError if it is not approved."""
        invitation, uri = self.invite(country, organisation, role)
        phone.create(pin, parameters=parameters)
        phone.enrolment.begin(uri, label)
        self.contribute(invitation)
        phone.enrolment.poll()
        code = phone.enrolment.short_code
        if code is None:
            raise DemoError(f"{label} shows no digits to compare")
        self.approve(invitation, code)
        if (state := phone.enrolment.poll()) != "approved":
            raise DemoError(f"{label} was not approved but {state}")
        return code

    def _run(self, *words: str) -> Any:
        return run_amana_json("programme", *words, passphrase=PASSPHRASE, log=self._log)
