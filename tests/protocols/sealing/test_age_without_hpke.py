"""A device without a usable `cryptography`: what still works, and what is refused by name."""

import subprocess
import sys
from io import BytesIO

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from nacl.utils import random

from protocols.sealing.age import (
    KindUnavailableError,
    NoMatchError,
    decrypt,
    encrypt,
    encrypt_stream,
)
from protocols.sealing.age_header import AgeFormatError, Stanza, read_header, write_header
from protocols.sealing.age_hybrid import (
    KIND,
    RECIPIENT_PREFIX,
    HybridIdentity,
    is_available,
    read_public,
)
from protocols.sealing.age_keys import identity_from_text, recipient_from_text
from protocols.sealing.age_x25519 import X25519Identity
from protocols.sealing.bech32 import Bech32Error, encode

KEY = HybridIdentity(bytes(range(32)))
RECIPIENT = KEY.recipient
CLASSIC = X25519Identity(bytes(range(32)))
TO_HYBRID = encrypt(b"hybrid", [RECIPIENT], random)
EVERY_ROOM = (
    "import pkgutil, importlib, sys, protocols.sealing as room\n"
    "names = [each.name for each in pkgutil.iter_modules(room.__path__)]\n"
    "assert 'age_hybrid' in names and 'age_hpke' in names\n"
    "for name in names:\n"
    "    if name != 'age_hpke':\n"
    "        importlib.import_module('protocols.sealing.' + name)\n"
    "import protocols.commands.seal\n"
)


def in_python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True)


def test_nothing_imports_cryptography_at_start() -> None:
    in_python(EVERY_ROOM + "assert 'cryptography' not in sys.modules")


def test_every_room_starts_without_it() -> None:
    in_python("import sys; sys.modules['cryptography'] = None\n" + EVERY_ROOM)


@pytest.fixture(params=["missing", "without ML-KEM"])
def bare(request, monkeypatch) -> None:
    """`cryptography` as a device may have it: not at all, or over an OpenSSL before 3.5."""
    monkeypatch.delitem(sys.modules, "protocols.sealing.age_hpke", raising=False)
    if request.param == "missing":
        monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.hpke", None)
        return

    def unsupported(data: bytes) -> MLKEM768PrivateKey:
        raise UnsupportedAlgorithm("ML-KEM-768 is not supported by this backend.")

    monkeypatch.setattr(MLKEM768PrivateKey, "from_seed_bytes", unsupported)


@pytest.mark.usefixtures("bare")
def test_a_hybrid_key_is_refused_by_name_with_a_way_out() -> None:
    identity = identity_from_text(KEY.text)
    assert identity == KEY
    for attempt in (
        lambda: recipient_from_text(RECIPIENT.text),
        lambda: encrypt(b"x", [RECIPIENT], random),
        lambda: KEY.recipient,
        lambda: decrypt(TO_HYBRID, [KEY]),
    ):
        with pytest.raises(KindUnavailableError, match="X25519 key") as caught:
            attempt()
        assert caught.value.code == "kind_unavailable"


@pytest.mark.usefixtures("bare")
def test_nothing_is_written_and_nothing_is_sealed_more_weakly_instead() -> None:
    written = BytesIO()
    with pytest.raises(KindUnavailableError):
        encrypt_stream(BytesIO(b"x"), written, [RECIPIENT], random)
    assert written.getvalue() == b""


@pytest.mark.usefixtures("bare")
def test_x25519_works_with_a_hybrid_identity_beside_it() -> None:
    sealed = encrypt(b"classic", [CLASSIC.recipient], random)
    assert decrypt(sealed, [KEY, CLASSIC]) == b"classic"
    with pytest.raises(NoMatchError):
        decrypt(sealed, [KEY])


@pytest.mark.usefixtures("bare")
def test_a_file_that_another_program_mixed_opens_with_the_key_that_can() -> None:
    file_key = random(16)
    mixed = [stanza_of(TO_HYBRID), CLASSIC.recipient.wrap(file_key, random)]
    classic = encrypt(b"mixed", [CLASSIC.recipient], lambda size: file_key[:size].ljust(size, b"n"))
    payload = classic.split(b"--- ", 1)[1].split(b"\n", 1)[1]
    assert decrypt(write_header(mixed, file_key) + payload, [KEY, CLASSIC]) == b"mixed"


@pytest.mark.usefixtures("bare")
def test_a_broken_stanza_is_still_refused_as_broken() -> None:
    with pytest.raises(AgeFormatError):
        KEY.unwrap(Stanza(KIND, (), bytes(32)))


def stanza_of(sealed: bytes) -> Stanza:
    return read_header(BytesIO(sealed)).stanzas[0]


def test_a_device_knows_that_it_has_it() -> None:
    assert is_available()


@pytest.mark.usefixtures("bare")
def test_a_device_knows_that_it_lacks_it() -> None:
    assert not is_available()


@pytest.mark.usefixtures("bare")
def test_a_hybrid_key_is_read_as_text_all_the_same() -> None:
    assert read_public(RECIPIENT.text) == RECIPIENT.public
    low = encode(RECIPIENT_PREFIX, RECIPIENT.public[:-32] + bytes(32))
    for wrong in (CLASSIC.recipient.text, low):
        with pytest.raises(AgeFormatError):
            read_public(wrong)
    swapped = "q" if RECIPIENT.text[-1] != "q" else "p"
    with pytest.raises(Bech32Error):
        read_public(RECIPIENT.text[:-1] + swapped)
