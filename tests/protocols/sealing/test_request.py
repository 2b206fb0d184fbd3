"""Signed requests: RFC 9421 appendix B.2.6, RFC 9530, an independent verifier, and adversaries."""

import base64
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from protocols.errors import AmanaError, MalformedError
from protocols.sealing.request import (
    DigestMismatchError,
    Message,
    SignedRequest,
    StaleRequestError,
    UnsignedError,
    check_digest,
    content_digest,
    parse_request,
    sign_request,
    signature_base,
    verify_request,
)
from protocols.sealing.statement import BadSignatureError, keyid

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
KEY = SigningKey(bytes(range(32)))
PUBLIC = bytes(KEY.verify_key)
URL = "https://server.example/v1/referrals?country=TN&after=3"
BODY = b'{"hello": "world"}'


def signed(method: str = "POST", url: str = URL, body: bytes | None = BODY, **changes):
    options = {"created": NOW, "nonce": "n-1", **changes}
    return sign_request(method, url, body, KEY, **options)


def received(
    headers, method="POST", authority="server.example", path="/v1/referrals",
    query="country=TN&after=3", body: bytes | None = BODY,
) -> SignedRequest:  # fmt: skip
    request = parse_request(method, authority, path, query, headers, body)
    verify_request(request, PUBLIC, NOW)
    return request


# RFC 9421 appendix B.1.4 (key), B.2 (message) and B.2.6 (base and signature).
RFC_KEY = base64.b64decode("MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF")[-32:]
RFC_MESSAGE = Message(
    "POST",
    "example.com",
    "/foo",
    "param=Value&Pet=dog",
    {
        "Host": "example.com",
        "Date": "Tue, 20 Apr 2021 02:07:55 GMT",
        "Content-Type": "application/json",
        "Content-Length": "18",
    },
)
RFC_COVERED = ("date", "@method", "@path", "@authority", "content-type", "content-length")
RFC_PARAMETERS = (
    '("date" "@method" "@path" "@authority" "content-type" "content-length")'
    ';created=1618884473;keyid="test-key-ed25519"'
)
RFC_BASE = f""""date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@authority": example.com
"content-type": application/json
"content-length": 18
"@signature-params": {RFC_PARAMETERS}""".encode()
RFC_SIGNATURE = (
    "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
)


def test_rfc_9421_b_2_6() -> None:
    base = signature_base(RFC_MESSAGE, RFC_COVERED, RFC_PARAMETERS)
    assert base == RFC_BASE
    key = SigningKey(RFC_KEY)
    assert base64.b64encode(key.sign(base).signature).decode() == RFC_SIGNATURE
    ours = SignedRequest(
        keyid(bytes(key.verify_key)), NOW, "n", base, base64.b64decode(RFC_SIGNATURE)
    )
    verify_request(ours, bytes(key.verify_key), NOW)


def test_rfc_9421_component_values() -> None:
    assert RFC_MESSAGE.component("@query") == "?param=Value&Pet=dog"
    assert Message("GET", "EXAMPLE.com", "", "", {}).component("@query") == "?"
    assert Message("GET", "EXAMPLE.com", "", "", {}).component("@path") == "/"
    assert Message("GET", "EXAMPLE.com", "", "", {}).component("@authority") == "example.com"
    assert Message("GET", "x", "", "", {"X-A": "  a b \t"}).component("x-a") == "a b"


def test_rfc_9530_digests() -> None:
    # RFC 9530 section 2 and appendix B; RFC 9421 appendix B.2 for the last.
    body = b'{"hello": "world"}\n'
    assert content_digest(body) == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
    check_digest(
        "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:, sha-512=:YMAam51Jz/jOATT6/zv"
        "HrLVgOYTGFy1d6GJiOHTohq4yP+pgk4vf2aCsyRZOtw8MjkM7iw7yZ/WkppmM44T3qg==:",
        body,
    )
    other = (
        "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTH"
        "WXvJwew==:"
    )
    check_digest(f"{content_digest(BODY)}, {other}", BODY)
    with pytest.raises(DigestMismatchError):
        check_digest(other, BODY)
    with pytest.raises(DigestMismatchError):
        check_digest(f"{content_digest(body)}, {other}", body)


class OneKey(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        assert key_id == keyid(PUBLIC)
        return Ed25519PublicKey.from_public_bytes(PUBLIC)

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes(KEY))


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("POST", URL, BODY),
        ("GET", "https://server.example/v1/health", None),
        ("PUT", "http://localhost:8000/v1/directory/TN?", b"{}"),
        ("GET", "https://server.example/v1/log/TN/consistency?first=1&second=%20x", b""),
    ],
)
def test_an_independent_verifier_accepts_what_we_sign(method, url, body) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    message = SimpleNamespace(
        method=method, url=url, headers=signed(method, url, body, created=now)
    )
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=OneKey())
    (result,) = verifier.verify(message, expect_tag="amana", body=body or b"")
    assert result.parameters["nonce"] == "n-1"
    assert '"@query"' in result.covered_components
    assert ('"content-digest"' in result.covered_components) is bool(body)


def test_we_accept_what_an_independent_signer_signs() -> None:
    message = SimpleNamespace(method="POST", url=URL, headers={"Content-Type": "text/plain"})
    HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=OneKey()).sign(
        message,
        key_id=keyid(PUBLIC),
        created=NOW,
        nonce="theirs",
        label="amana",
        tag="amana",
        covered_component_ids=("content-type", "@path", "@query", "@authority", "@method"),
        body=BODY,
    )
    headers = dict(message.headers)
    if "sha-256" not in headers.get("Content-Digest", ""):
        pytest.fail("the other implementation no longer sends SHA-256 digests")
    assert received(headers).nonce == "theirs"


def test_a_signed_request_round_trips() -> None:
    request = received(signed())
    assert (request.keyid, request.created, request.nonce) == (keyid(PUBLIC), NOW, "n-1")
    assert received(signed(headers={"content-type": "x/y"}) | {"CONTENT-TYPE": "x/y"})


def test_the_default_port_is_left_out_and_others_kept() -> None:
    headers = signed("GET", "https://Server.Example:443/v1/referrals?country=TN&after=3", None)
    assert received(headers, method="GET", body=None)
    headers = signed("get", "http://127.0.0.1:8000/v1/referrals?country=TN&after=3", None)
    assert received(headers, method="GET", authority="127.0.0.1:8000", body=None)


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "PUT"},
        {"authority": "evil.example"},
        {"path": "/v1/referrals/"},
        {"query": "country=MA&after=3"},
        {"query": ""},
    ],
)
def test_a_request_sent_elsewhere_is_refused(changes) -> None:
    with pytest.raises(BadSignatureError):
        received(signed(), **changes)


def test_another_body_is_refused() -> None:
    with pytest.raises(DigestMismatchError):
        received(signed(), body=BODY + b" ")
    for empty in (b"", None):
        with pytest.raises(DigestMismatchError):
            received(signed(), body=empty)
    with pytest.raises(UnsignedError):
        received(signed(body=None), body=b"smuggled")
    forged = signed() | {"Content-Digest": content_digest(b"smuggled")}
    with pytest.raises(BadSignatureError):
        received(forged, body=b"smuggled")


def test_another_content_type_is_refused() -> None:
    with pytest.raises(BadSignatureError):
        received(signed() | {"Content-Type": "text/html"})


def test_a_late_or_early_request_is_stale() -> None:
    request = received(signed())
    for moment in (timedelta(minutes=5), timedelta(minutes=-5)):
        verify_request(request, PUBLIC, NOW + moment)
    for moment in (timedelta(minutes=5, seconds=1), timedelta(minutes=-5, seconds=-1)):
        with pytest.raises(StaleRequestError):
            verify_request(request, PUBLIC, NOW + moment)
    verify_request(request, PUBLIC, NOW + timedelta(hours=1), tolerance=timedelta(hours=1))


def test_another_key_is_refused() -> None:
    request = received(signed())
    stranger = bytes(SigningKey(bytes(32)).verify_key)
    with pytest.raises(BadSignatureError):
        verify_request(request, stranger, NOW)
    posing = SignedRequest(
        keyid(stranger), request.created, request.nonce, request.base, request.signature
    )
    with pytest.raises(BadSignatureError):
        verify_request(posing, PUBLIC, NOW)


def test_what_carries_no_signature_is_unsigned() -> None:
    headers = signed()
    for missing in ("Signature", "Signature-Input"):
        with pytest.raises(UnsignedError):
            received({name: value for name, value in headers.items() if name != missing})
    with pytest.raises(UnsignedError):
        received({name: value.replace("amana=", "other=") for name, value in headers.items()})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (' "@query"', ""),
        (' "content-digest"', ""),
        (' "content-type"', ""),
        ('"@method"', '"@method";req'),
        ('"@method" ', '"@method" "@method" '),
        ('"@method" ', '"@method" "@status" '),
        ('"@method" ', '"@method" "x-absent" '),
        ('"@method" ', '"@method" 7 '),
        (';nonce="n-1"', ""),
        (';nonce="n-1"', ';nonce=""'),
        (';nonce="n-1"', ';nonce="' + "n" * 65 + '"'),
        (';nonce="n-1"', ";nonce=1"),
        (';alg="ed25519"', ';alg="hmac-sha256"'),
        (';tag="amana"', ';tag="other"'),
        (';tag="amana"', ';tag="amana";expires=1'),
        (";created=", ';created="x";was='),
        (f"created={int(NOW.timestamp())}", "created=999999999999999"),
    ],
)
def test_a_signature_that_leaves_something_out_is_unsigned(old: str, new: str) -> None:
    headers = signed()
    changed = headers["Signature-Input"].replace(old, new)
    assert changed != headers["Signature-Input"]
    with pytest.raises(UnsignedError):
        received(headers | {"Signature-Input": changed})


@pytest.mark.parametrize(
    "changes",
    [
        {"Signature": "amana=:AAA:"},
        {"Signature": "amana=7"},
        {"Signature": "amana"},
        {"Signature": "="},
        {"Signature": "amana=:é:"},
        {"Signature-Input": "amana=(" + "x" * 5000},
        {"Signature-Input": "amana=("},
        {"Content-Digest": "sha-256"},
    ],
)
def test_garbage_is_malformed(changes) -> None:
    with pytest.raises(MalformedError):
        received(signed() | changes)


def test_what_cannot_be_signed_says_so() -> None:
    for url in ("/v1/health", "ftp://server.example/", "https://server.example/é", "http://[x"):
        with pytest.raises(MalformedError):
            signed("GET", url, None)


PARTS = {"method": "POST", "path": "/v1/referrals", "query": "country=TN&after=3"}


@settings(max_examples=300)
@given(st.sampled_from([*signed(), *PARTS, "body"]), st.integers(min_value=0))
def test_a_flipped_bit_anywhere_is_refused(where: str, position: int) -> None:
    def flip(data: bytes) -> bytes:
        damaged = bytearray(data)
        at = position % (len(data) * 8)
        damaged[at // 8] ^= 1 << at % 8
        return bytes(damaged)

    headers, parts, body = signed(), dict(PARTS), BODY
    if where == "body":
        body = flip(body)
    elif where in PARTS:
        parts[where] = flip(parts[where].encode()).decode("latin-1")
    else:
        headers[where] = flip(headers[where].encode()).decode("latin-1")
    with pytest.raises(AmanaError):
        received(headers, body=body, **parts)


@settings(max_examples=100)
@given(st.sampled_from(list(signed())), st.integers(min_value=0))
def test_a_truncated_header_is_refused(where: str, length: int) -> None:
    headers = signed()
    headers[where] = headers[where][: length % len(headers[where])]
    with pytest.raises(AmanaError):
        received(headers)


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "POST "},
        {"method": "\tPOST"},
        {"path": "/v1/referrals "},
        {"query": "country=TN&after=3 "},
        {"query": " country=TN&after=3"},
        {"authority": " server.example"},
    ],
)
def test_blanks_around_what_was_signed_make_another_request(changed) -> None:
    """Found by fuzzing: only a field's value is the same with blanks around it (RFC 9421, 2.1)."""
    with pytest.raises(AmanaError):
        received(signed(), **changed)
    received(signed() | {"Content-Digest": f"  {content_digest(BODY)}\t"})
