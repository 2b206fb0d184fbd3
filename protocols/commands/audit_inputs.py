"""What the commands of `amana audit` read beside a log."""

from pathlib import Path

from protocols.commands.audit_running import UnusableInputError
from protocols.commands.files import read_at_most
from protocols.errors import MalformedError
from protocols.plain import MAX_JSON_BYTES, from_json
from protocols.sealing.certificate import Root


def read_root(path: Path) -> Root:
    """The programme's root. Raises UnusableInputError."""
    try:
        return from_json(read_at_most(path, MAX_JSON_BYTES), Root)
    except OSError as error:
        raise UnusableInputError(f"{path} can't be read ({error.strerror}); check it") from error
    except MalformedError as error:
        raise UnusableInputError(
            f"{path} is no programme root ({error}); name root.json"
        ) from error
