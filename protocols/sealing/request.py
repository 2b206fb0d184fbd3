"""Signed HTTP requests: RFC 9421 message signatures (Ed25519) with RFC 9530 content digests.

A request says who sent it (`keyid`), when (`created`) and that it is one of its kind (`nonce`);
the signature covers method, authority, path, query and, with a body, its digest and type.
Path and query are taken as they travel, percent-encoded: a server passes its raw path.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from attrs import field, frozen
from http_sfv.dictionary import Dictionary
from http_sfv.item import InnerList, Item
from nacl.signing import SigningKey

from protocols.errors import AmanaError, MalformedError
from protocols.sealing.statement import BadSignatureError, holds, keyid

LABEL = "amana"
TAG = "amana"
ALGORITHM = "ed25519"
TOLERANCE = timedelta(minutes=5)
ALWAYS_COVERED = ("@method", "@authority", "@path", "@query")
COVERED_WITH_BODY = ("content-digest", "content-type")
PARAMETERS = {"created": int, "nonce": str, "keyid": str, "alg": str, "tag": str}
LONGEST_NONCE = 64
LONGEST_HEADER = 4096
DIGESTS = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}


class UnsignedError(AmanaError):
    """A request without a signature that covers what it must."""

    code = "unsigned"


class StaleRequestError(AmanaError):
    """A request signed too long ago, or in the future: a replay, or a wrong clock."""

    code = "stale_request"


class DigestMismatchError(AmanaError):
    """A body other than the one whose digest was signed."""

    code = "digest_mismatch"


@frozen
class Message:
    """What of a request a signature can cover. `query` is without its "?"; `headers` as received,
    names in any case."""

    method: str
    authority: str
    path: str
    query: str
    headers: Mapping[str, str] = field(repr=False)

    def component(self, name: str) -> str:
        """The value of one covered component (RFC 9421 section 2). Raises UnsignedError when the
        request has none."""
        derived = {
            "@method": self.method,
            "@authority": self.authority.lower(),
            "@path": self.path or "/",
            "@query": f"?{self.query}",
        }
        if name.startswith("@"):
            value = derived.get(name)
        else:
            fields = {key.lower(): each.strip(" \t") for key, each in self.headers.items()}
            value = fields.get(name)
        if value is None:
            raise UnsignedError(f"the signature covers {name[:40]!r}, which this request lacks")
        if not (value.isascii() and value.isprintable()):
            raise MalformedError(f"{name} is not printable ASCII; percent-encode it")
        return value


@frozen
class SignedRequest:
    """A well-formed signed request whose body fits its digest; its key is not judged yet."""

    keyid: str
    created: datetime
    nonce: str
    base: bytes = field(repr=False)
    signature: bytes = field(repr=False)


def signature_base(message: Message, covered: Sequence[str], parameters: str) -> bytes:
    """RFC 9421 section 2.5: the bytes that are signed. `covered` are component names in order,
    `parameters` the serialised value of "@signature-params" that ends them."""
    lines = [f"{Item(name)}: {message.component(name)}" for name in covered]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode("ascii")


def content_digest(body: bytes) -> str:
    """RFC 9530's Content-Digest of `body`: `sha-256=:…:`."""
    return f"sha-256={Item(hashlib.sha256(body).digest())}"


def check_digest(value: str, body: bytes) -> None:
    """Raises DigestMismatchError unless every digest known in `value` fits and one is SHA-256."""
    given = _dictionary("Content-Digest", value)
    if "sha-256" not in given:
        raise DigestMismatchError("Content-Digest without sha-256; send one")
    for name in given.keys() & DIGESTS.keys():
        sent = _exact_bytes(value, given[name])
        if not hmac.compare_digest(sent, DIGESTS[name](body).digest()):
            raise DigestMismatchError(f"the body does not fit its {name} digest; send it again")


def sign_request(
    method: str,
    url: str,
    body: bytes | None,
    key: SigningKey,
    *,
    created: datetime,
    nonce: str,
    headers: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The headers to add so that the request is signed by `key`.

    `url` is absolute and percent-encoded; `headers` those already set. Adds Signature-Input and
    Signature and, with a non-empty body, Content-Digest, and Content-Type (JSON) if not set.
    `created` counts in whole seconds.
    """
    present = {name.lower(): value for name, value in (headers or {}).items()}
    added: dict[str, str] = {}
    if body:
        if "content-type" not in present:
            added["Content-Type"] = "application/json"
        added["Content-Digest"] = content_digest(body)
        present.update({name.lower(): value for name, value in added.items()})
    covered = (*ALWAYS_COVERED, *(COVERED_WITH_BODY if body else ()))
    inner = InnerList(list(covered))
    inner.params.update(
        created=int(created.timestamp()),
        nonce=nonce,
        keyid=keyid(bytes(key.verify_key)),
        alg=ALGORITHM,
        tag=TAG,
    )
    base = signature_base(_message(method, url, present), covered, str(inner))
    added["Signature-Input"] = f"{LABEL}={inner}"
    added["Signature"] = f"{LABEL}={Item(key.sign(base).signature)}"
    return added


def parse_request(  # noqa: PLR0917 - a request line, in its own order
    method: str,
    authority: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    body: bytes | None,
) -> SignedRequest:
    """Read a request's signature and hold its body against its digest, without judging the key.

    Raises UnsignedError, DigestMismatchError or MalformedError.
    """
    message = Message(method, authority, path, query, headers)
    signature, covered, inner = _read_signature(headers)
    needed = {*ALWAYS_COVERED, *(COVERED_WITH_BODY if body else ())}
    if missing := sorted(needed - set(covered)):
        raise UnsignedError(f"the signature leaves out {', '.join(missing)}; cover them")
    if "content-digest" in covered:
        check_digest(message.component("content-digest"), body or b"")
    created, nonce, signer = _read_parameters(inner.params)
    base = signature_base(message, covered, str(inner))
    return SignedRequest(signer, created, nonce, base, signature)


def verify_request(
    signed: SignedRequest, public_key: bytes, now: datetime, tolerance: timedelta = TOLERANCE
) -> None:
    """Raises BadSignatureError unless `public_key` signed it, and StaleRequestError unless it was
    created within `tolerance` of `now`. Whether the nonce is new is the caller's to remember."""
    if keyid(public_key) != signed.keyid or not holds(public_key, signed.base, signed.signature):
        raise BadSignatureError("the request was not signed by this key; sign in again")
    if abs(now - signed.created) > tolerance:
        raise StaleRequestError(
            f"the request was signed at {signed.created:%Y-%m-%d %H:%M:%S} UTC;"
            " set the device's clock and send it again"
        )


def _message(method: str, url: str, headers: Mapping[str, str]) -> Message:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise MalformedError(f"{url[:80]!r} is no address ({error}); correct it") from error
    host = parts.netloc.rpartition("@")[2].lower()
    if not host or parts.scheme not in ("http", "https"):
        raise MalformedError("only absolute http and https addresses can be signed; correct it")
    default = ":443" if parts.scheme == "https" else ":80"
    return Message(method.upper(), host.removesuffix(default), parts.path, parts.query, headers)


def _dictionary(name: str, value: str) -> Dictionary:
    if len(value) > LONGEST_HEADER:
        raise MalformedError(f"{name} of {len(value)} characters; at most {LONGEST_HEADER}")
    parsed = Dictionary()
    try:
        parsed.parse(value.encode("ascii"))
    except (ValueError, IndexError) as error:
        raise MalformedError(f"{name} is not a dictionary (RFC 8941)") from error
    return parsed


def _exact_bytes(header: str, item: Any) -> bytes:
    """The byte sequence `item` as `header` writes it, in canonical base64 and nothing else."""
    data = item.value if isinstance(item, Item) else None
    if not isinstance(data, bytes) or base64.b64encode(data).decode() not in header:
        raise MalformedError("a header's byte sequence is not canonical base64 (RFC 8941)")
    return data


def _read_signature(headers: Mapping[str, str]) -> tuple[bytes, list[str], InnerList]:
    present = {name.lower(): value for name, value in headers.items()}
    if not {"signature", "signature-input"} <= present.keys():
        raise UnsignedError("the request is not signed; sign it (RFC 9421)")
    inputs = _dictionary("Signature-Input", present["signature-input"])
    signatures = _dictionary("Signature", present["signature"])
    inner = inputs.get(LABEL)
    if not isinstance(inner, InnerList) or LABEL not in signatures:
        raise UnsignedError(f"the request has no signature labelled {LABEL!r}; sign it so")
    covered = [each.value for each in inner]
    if any(each.params or not isinstance(each.value, str) for each in inner):
        raise UnsignedError("the signature covers components in a way not read here")
    if len(set(covered)) != len(covered):
        raise UnsignedError("the signature covers one component twice")
    return _exact_bytes(present["signature"], signatures[LABEL]), covered, inner


def _read_parameters(given: Mapping[str, Any]) -> tuple[datetime, str, str]:
    right = given.keys() == PARAMETERS.keys() and all(
        type(given[name]) is kind for name, kind in PARAMETERS.items()
    )
    if not right or given["alg"] != ALGORITHM or given["tag"] != TAG:
        raise UnsignedError(
            f"the signature's parameters must be {', '.join(PARAMETERS)}"
            f' with alg="{ALGORITHM}" and tag="{TAG}"'
        )
    if not 0 < len(given["nonce"]) <= LONGEST_NONCE:
        raise UnsignedError(f"a nonce has 1 to {LONGEST_NONCE} characters")
    try:
        created = datetime.fromtimestamp(given["created"], UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UnsignedError("the signature's time is not one that a clock shows") from error
    return created, given["nonce"], given["keyid"]
