"""What a spare copy holds once it is opened: read whole, or refused by name."""

from collections.abc import Iterator

from mobile.casework.spare import FORMAT, SpareContent, read_content
from mobile.vault.errors import SpareDamagedError, SpareFormatError
from protocols.plain import to_json
from tests.fuzz.fictional import DEVICE, NOW, ORGANISATION, key_id
from tests.fuzz.target import Target, same


def read(data: bytes) -> object:
    content = read_content(data)
    same(read_content(to_json(content)), content)
    return content


def seeds() -> Iterator[bytes]:
    for given in (FORMAT, "amana-spare/0"):
        content = SpareContent(
            format=given,
            country="TN",
            organisation=ORGANISATION,
            role="field_worker",
            device=key_id(DEVICE),
            label="Fictional phone",
            made=NOW,
            screenings=(),
            drafts={"0" * 32: {"notes": "fictional"}},
            cases=(),
            editions=(),
        )
        yield to_json(content)


TARGET = Target(read, (SpareDamagedError, SpareFormatError), seeds, longest=8192)
