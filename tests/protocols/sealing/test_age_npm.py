"""Files exchanged with npm's `age-encryption`, both ways, both kinds of recipient.

It is no dependency of ours. Put it into a folder with `npm install age-encryption` and name that
folder in AMANA_AGE_ENCRYPTION; without it, or without node, these tests are skipped by name.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nacl.utils import random

from protocols.sealing.age import NoMatchError, decrypt, encrypt
from protocols.sealing.age_armor import armor, dearmor
from protocols.sealing.age_hybrid import HybridIdentity
from protocols.sealing.age_keys import identity_from_text, recipient_from_text
from protocols.sealing.age_x25519 import X25519Identity

FOLDER = Path(os.environ.get("AMANA_AGE_ENCRYPTION", "."))
SCRIPT = Path(__file__).with_name("age_npm.mjs")
KEYS = {"hybrid": HybridIdentity(bytes(range(32))), "x25519": X25519Identity(bytes(range(32)))}
BIG = bytes(range(256)) * 600  # more than two chunks

Asks = Callable[..., Any]


@pytest.fixture(scope="module")
def npm() -> Asks:
    """Asks `age_npm.mjs` one thing: its answer."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: `apt-get install nodejs` to compare with npm's age")
    if not (FOLDER / "node_modules" / "age-encryption").is_dir():
        pytest.skip(
            "npm's age-encryption is not at hand: `npm install age-encryption` in a folder, and"
            " name it in AMANA_AGE_ENCRYPTION"
        )

    def ask(**request: Any) -> Any:
        line = [node, "--input-type=module", "--eval", SCRIPT.read_text()]
        asked = subprocess.run(
            line, input=json.dumps(request), capture_output=True, check=True, text=True, cwd=FOLDER
        )
        return json.loads(asked.stdout)

    return ask


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("plain", [b"", b"secret", BIG], ids=len)
def test_it_opens_ours(npm: Asks, kind: str, plain: bytes) -> None:
    key = KEYS[kind]
    other = type(key).generate()
    sealed = encrypt(plain, [other.recipient, key.recipient], random)
    answer = npm(do="open", data=sealed.hex(), identity=key.text)
    assert bytes.fromhex(answer["opened"]) == plain
    answer = npm(do="open", data=armor(sealed).hex(), identity=key.text)
    assert bytes.fromhex(answer["opened"]) == plain
    stranger = type(key).generate()
    assert "no identity matched" in npm(do="open", data=sealed.hex(), identity=stranger.text)["no"]


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("plain", [b"", b"secret", BIG], ids=len)
def test_we_open_its(npm: Asks, kind: str, plain: bytes) -> None:
    key = KEYS[kind]
    to = [type(key).generate().recipient.text, key.recipient.text]
    answer = npm(do="seal", data=plain.hex(), recipients=to)
    assert decrypt(bytes.fromhex(answer["sealed"]), [key]) == plain
    assert decrypt(dearmor(answer["armored"].encode()), [key]) == plain
    with pytest.raises(NoMatchError):
        decrypt(bytes.fromhex(answer["sealed"]), [type(key).generate()])


@pytest.mark.parametrize("kind", KEYS)
def test_it_makes_keys_that_we_take_and_finds_the_recipients_that_we_find(
    npm: Asks, kind: str
) -> None:
    made = npm(do="make", kind=kind)
    identity = identity_from_text(made["identity"])
    assert type(identity) is type(KEYS[kind])
    assert identity.recipient.text == made["recipient"]  # type: ignore[attr-defined]
    sealed = encrypt(b"for the made key", [recipient_from_text(made["recipient"])], random)
    assert decrypt(sealed, [identity]) == b"for the made key"
    ours = npm(do="recipient", identity=KEYS[kind].text)
    assert ours["recipient"] == KEYS[kind].recipient.text
