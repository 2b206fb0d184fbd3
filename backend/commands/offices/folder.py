"""The programme's folder: what each of its files is, and how it is read and written.

root/root.json                  public: the programme's trust anchor
root/keepers.json               public: who keeps the root's keys
root/keeper-1/                  one keeper's folder (`offices.keepers`), to be carried away
authorities/TN/keepers.json, authorities/TN/keeper-1/   likewise of the authority
authorities/TN/state.json       what the authority has certified, published and proposed
authorities/TN/proposal-….json  what waits for more keepers' signatures
authorities/TN/invitations/     invitations not used yet; each holds its secret
authorities/TN/checklists/      the file of each checklist's edition that was published, by its hash
server/programme.json, server/server.key   what a server is given (`amana serve --data`)
"""

from datetime import datetime
from pathlib import Path

from attrs import frozen

from backend.commands.offices.files import make_folder, write_whole
from backend.commands.offices.keepers import ROOT, Keeper, KeeperFolder
from protocols.errors import AmanaError
from protocols.messages import Edition, Invitation
from protocols.plain import from_json, to_json
from protocols.referral.provider import Provider
from protocols.sealing.certificate import Root
from protocols.sealing.comparing import Hosting
from protocols.sealing.statement import Statement

KEEPERS_FILE = "keepers.json"


class NoProgrammeFolderError(AmanaError):
    """A folder that holds no programme, or not that authority."""

    code = "no_programme_folder"


class UnknownInvitationError(AmanaError):
    """No invitation of this id was made here, or it was used or has expired."""

    code = "unknown_invitation"


class ChecklistFileGoneError(AmanaError):
    """The file of a published edition that this folder should keep, and does not."""

    code = "checklist_file_gone"


@frozen
class AuthorityState:
    """What an authority knows. `statements` is everything its next snapshot lists; `number` the
    newest snapshot complete, which is `published`; `unsent` that snapshot until a server has taken
    it; `editions` the newest edition of each checklist, also of one that is not among `checklists`
    now. `proposed` is the next snapshot while keepers' signatures are missing, `words` what the
    root has yet to sign, and `words_after` what was published when that was proposed."""

    country: str
    server: str
    number: int
    statements: tuple[Statement, ...]
    providers: tuple[Provider, ...]
    checklists: tuple[str, ...]
    unsent: Statement | None = None
    editions: tuple[Edition, ...] = ()
    published: Statement | None = None
    proposed: Statement | None = None
    words: tuple[Statement, ...] = ()
    words_after: Statement | None = None


@frozen
class Admission:
    """A device whose code was compared and found right: what it was, and its certificate."""

    enrolment: str
    code: str
    device: str
    certificate: Statement


@frozen
class KeptInvitation:
    """An invitation waiting for its device. `hosting`, how far the comparison is, and `admission`
    are kept before a server is told, so that a line that breaks leaves nothing half known."""

    invitation: Invitation
    made: datetime
    admission: Admission | None = None
    hosting: Hosting | None = None


@frozen
class ProgrammeFolder:
    """A programme's folder on disk."""

    path: Path

    @property
    def root_file(self) -> Path:
        """The public root."""
        return self.path / "root" / "root.json"

    @property
    def server(self) -> Path:
        """The server's data folder."""
        return self.path / "server"

    def authority(self, country: str) -> Path:
        """The folder of the country's authority."""
        return self.path / "authorities" / country

    @property
    def countries(self) -> tuple[str, ...]:
        """Countries whose authority is kept here."""
        folder = self.path / "authorities"
        return tuple(sorted(each.parent.name for each in folder.glob("??/state.json")))

    def read_root(self) -> Root:
        """The programme's root. Raises NoProgrammeFolderError."""
        if not self.root_file.is_file():
            raise NoProgrammeFolderError(
                f"{self.path} holds no programme; name its folder with --dir, or make one with"
                " `amana programme init --out DIR`"
            )
        return from_json(self.root_file.read_bytes(), Root)

    def read_state(self, country: str) -> AuthorityState:
        """What the country's authority knows. Raises NoProgrammeFolderError."""
        file = self.authority(country) / "state.json"
        if not file.is_file():
            raise NoProgrammeFolderError(
                f"{self.path} keeps no authority of {country}; name the right folder with --dir"
            )
        return from_json(file.read_bytes(), AuthorityState, 64 * 1024 * 1024)

    def write_state(self, state: AuthorityState) -> None:
        """Keep what the authority knows."""
        write_whole(make_folder(self.authority(state.country)) / "state.json", to_json(state))

    def keep_edition(self, country: str, edition: Edition, data: bytes) -> None:
        """Keep the file of an edition before anything names it."""
        folder = make_folder(self.authority(country) / "checklists")
        write_whole(folder / f"{edition.sha256}.json", data)

    def read_edition(self, country: str, edition: Edition) -> bytes:
        """The file of an edition kept here. Raises ChecklistFileGoneError."""
        try:
            return (self.authority(country) / "checklists" / f"{edition.sha256}.json").read_bytes()
        except OSError as error:
            raise ChecklistFileGoneError(
                f"the file of {edition.id} version {edition.version} is not in {self.path}"
                f" ({error.strerror}); publish that very file again with `amana programme checklist"
                " publish`"
            ) from error

    def of(self, of: str) -> Path:
        """The folder of what keepers keep: the root's, or a country's authority's."""
        return self.path / "root" if of == ROOT else self.authority(of)

    def keeper_folders(self, of: str) -> tuple[KeeperFolder, ...]:
        """Keepers' folders that lie here, in the order of their names."""
        return tuple(KeeperFolder(each) for each in sorted(self.of(of).glob("keeper-*")))

    def keepers(self, of: str) -> tuple[Keeper, ...]:
        """Who keeps the keys, as this office calls them."""
        file = self.of(of) / KEEPERS_FILE
        return from_json(file.read_bytes(), tuple[Keeper, ...]) if file.is_file() else ()

    def write_keepers(self, of: str, keepers: tuple[Keeper, ...]) -> None:
        """Keep who they are."""
        write_whole(make_folder(self.of(of)) / KEEPERS_FILE, to_json(keepers))

    def keep_invitation(self, kept: KeptInvitation) -> None:
        """Keep an invitation until its device is approved."""
        folder = make_folder(self.authority(kept.invitation.country) / "invitations")
        write_whole(folder / f"{kept.invitation.id}.json", to_json(kept))

    def invitations(self, country: str) -> dict[str, KeptInvitation]:
        """Invitations made here and not used yet, by id."""
        folder = self.authority(country) / "invitations"
        kept = [
            from_json(file.read_bytes(), KeptInvitation) for file in sorted(folder.glob("*.json"))
        ]
        return {each.invitation.id: each for each in kept}

    def forget_invitation(self, invitation: Invitation) -> None:
        """Destroy an invitation and its secret."""
        folder = self.authority(invitation.country) / "invitations"
        (folder / f"{invitation.id}.json").unlink(missing_ok=True)
