"""The programme's folder: what each of its files is, and how it is read and written.

root/root.json                  public: the programme's trust anchor
root/root.key.age               the root's key, age-encrypted under a passphrase
authorities/TN/authority.key.age  the authority's key, likewise
authorities/TN/state.json       what the authority has certified and published
authorities/TN/invitations/     invitations not used yet; each holds its secret
authorities/TN/checklists/      the file of each checklist's edition that was published, by its hash
server/programme.json, server/server.key   what a server is given (`amana serve --data`)
"""

from datetime import datetime
from pathlib import Path

from attrs import field, frozen
from nacl.signing import SigningKey

from backend.commands.offices.files import make_folder, write_whole
from protocols.errors import AmanaError
from protocols.messages import Edition, Invitation
from protocols.plain import Entropy, from_json, to_json
from protocols.referral.provider import Provider
from protocols.sealing.age import NoMatchError, decrypt, encrypt
from protocols.sealing.age_scrypt import ScryptPassphrase
from protocols.sealing.certificate import Root
from protocols.sealing.statement import Statement


class NoProgrammeFolderError(AmanaError):
    """A folder that holds no programme, or not that authority."""

    code = "no_programme_folder"


class WrongPassphraseError(AmanaError):
    """A passphrase that does not open the key file."""

    code = "wrong_passphrase"


class UnknownInvitationError(AmanaError):
    """No invitation of this id was made here, or it was used or has expired."""

    code = "unknown_invitation"


@frozen
class KeyFile:
    """The plaintext of a key file: 32-byte Ed25519 seeds."""

    keys: tuple[bytes, ...] = field(repr=False)


class ChecklistFileGoneError(AmanaError):
    """The file of a published edition that this folder should keep, and does not."""

    code = "checklist_file_gone"


@frozen
class AuthorityState:
    """What an authority knows. `statements` is everything its next snapshot lists; `number` the
    newest snapshot made; `unsent` that snapshot until a server has taken it; `editions` the newest
    published edition of each checklist, also of one that is not among `checklists` now."""

    country: str
    server: str
    number: int
    statements: tuple[Statement, ...]
    providers: tuple[Provider, ...]
    checklists: tuple[str, ...]
    unsent: Statement | None = None
    editions: tuple[Edition, ...] = ()


@frozen
class Admission:
    """A device whose code was compared and found right: what it was, and its certificate."""

    enrolment: str
    code: str
    device: str
    certificate: Statement


@frozen
class KeptInvitation:
    """An invitation waiting for its device. `admission` is kept before a server is told, so that
    a line that breaks leaves nothing half known."""

    invitation: Invitation
    made: datetime
    admission: Admission | None = None


@frozen
class ProgrammeFolder:
    """A programme's folder on disk."""

    path: Path

    @property
    def root_file(self) -> Path:
        """The public root."""
        return self.path / "root" / "root.json"

    @property
    def root_key(self) -> Path:
        """The root's sealed key."""
        return self.path / "root" / "root.key.age"

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

    def read_authority_key(self, country: str, passphrase: str) -> SigningKey:
        """The authority's signing key. Raises WrongPassphraseError."""
        return read_key(self.authority(country) / "authority.key.age", passphrase)

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


def write_key(
    path: Path, key: SigningKey, passphrase: str, *, work_factor: int, entropy: Entropy
) -> None:
    """Seal `key` under `passphrase` (age, scrypt) into `path`."""
    plain = to_json(KeyFile((bytes(key),)))
    make_folder(path.parent)
    write_whole(path, encrypt(plain, [ScryptPassphrase(passphrase, work_factor)], entropy))


def read_key(path: Path, passphrase: str) -> SigningKey:
    """The key in `path`. Raises NoProgrammeFolderError, WrongPassphraseError."""
    if not path.is_file():
        raise NoProgrammeFolderError(f"{path} is not there; name the right folder with --dir")
    try:
        plain = decrypt(path.read_bytes(), [ScryptPassphrase(passphrase)])
    except NoMatchError as error:
        raise WrongPassphraseError(f"the passphrase does not open {path}; try again") from error
    return SigningKey(from_json(plain, KeyFile).keys[0])
