"""A request to be enrolled that comes to the office as a file: read as the phone wrote it, or the
office is told to have it written again."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from backend.commands.offices.by_file import EnrolmentFileError, read_request
from protocols.messages import ENROLMENT_FILE, EnrolmentFile, EnrolmentRequest
from protocols.plain import to_json
from protocols.sealing.age_x25519 import X25519Identity
from protocols.sealing.certificate import SealingKey, publish_sealing_key
from protocols.sealing.enrolment import commit
from tests.fuzz.fictional import DEVICE, NOW, STRANGER, key_id
from tests.fuzz.target import Target, same

_FOLDER = TemporaryDirectory(prefix="amana-fuzz-")
FILE = Path(_FOLDER.name) / "request"


def read(data: bytes) -> object:
    FILE.write_bytes(data)
    request = read_request(FILE)
    FILE.write_bytes(to_json(EnrolmentFile(ENROLMENT_FILE, request)))
    same(read_request(FILE), request)
    return request.claim


def _request(label: str, signer: object = DEVICE) -> EnrolmentFile:
    recipient = X25519Identity(bytes(range(32))).recipient.text
    key = SealingKey(key_id(DEVICE), recipient, NOW, NOW + timedelta(days=8))
    statement = publish_sealing_key(key, signer)
    named = ("tn-0123456789abcdef", bytes(DEVICE.verify_key), statement.digest, label)
    request = EnrolmentRequest(
        invitation=named[0],
        device_key=named[1],
        label=label,
        sealing_key=statement,
        proof=bytes(32),
        commitment=commit(*named, bytes(32)),
    )
    return EnrolmentFile(ENROLMENT_FILE, request)


def seeds() -> Iterator[bytes]:
    yield to_json(_request("Fictional phone"))
    yield to_json(_request("هاتف"))
    yield to_json(_request("another's key", STRANGER))
    yield to_json(_request("\0"))


TARGET = Target(read, (EnrolmentFileError,), seeds, longest=8192)
