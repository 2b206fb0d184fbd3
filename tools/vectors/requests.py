"""Signed HTTP requests (RFC 9421) and digests (RFC 9530)."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from protocols.errors import AmanaError
from protocols.plain import decode_base64, encode_base64, format_time, parse_time
from protocols.sealing.request import parse_request, sign_request, verify_request
from tools.vectors.cast import START, key, public

BODY = b'{"hello":"world"}'
PLAIN = "https://amana.example.org/v1/sync/TN?after=0&known=0"
WITH_BODY = "https://amana.example.org:8443/v1/referrals"


def _signed(method: str, url: str, body: bytes | None) -> dict[str, Any]:
    headers = sign_request(method, url, body, key("inspector"), created=START, nonce="bm9uY2Ugb25l")
    parts = urlsplit(url)
    return {
        "method": method,
        "authority": parts.netloc,
        "path": parts.path,
        "query": parts.query,
        "headers": headers,
        "body": None if body is None else encode_base64(body),
        "public": public("inspector").hex(),
        "now": format_time(START),
    }


def make() -> dict[str, Any]:
    """`docs/vectors/requests.json`."""
    read, sent = _signed("GET", PLAIN, None), _signed("POST", WITH_BODY, BODY)
    late, early = START + timedelta(minutes=5), START - timedelta(minutes=5, seconds=1)
    cases = [
        ("without a body", read, {}),
        ("with a body", sent, {}),
        ("five minutes late", read, {"now": format_time(late)}),
        ("more than five minutes early", read, {"now": format_time(early)}),
        ("another path", read, {"path": "/v1/sync/MA"}),
        ("another query", read, {"query": "after=1&known=0"}),
        ("another host", read, {"authority": "other.example.org"}),
        ("a host in other case", read, {"authority": "AMANA.example.org"}),
        ("another method", read, {"method": "DELETE"}),
        ("another key", read, {"public": public("north").hex()}),
        ("another body", sent, {"body": encode_base64(BODY + b" ")}),
        ("the body left out", sent, {"body": None}),
        ("not signed", read, {"headers": {}}),
        ("a nonce of another request", read, {"headers": _with_nonce(read, "bm9uY2UgdHdv")}),
        ("the query not covered", read, {"headers": _without(read, ' "@query"')}),
        ("another label", read, {"headers": _labelled(read, "other")}),
    ]
    return {
        "about": "Whether a server that knows `public` accepts a request at `now` (`error` null):"
        " the signature base is signed by Ed25519 and covers what docs/protocol.md says. A nonce"
        " is to be remembered besides.",
        "bases": [_based("without a body", read), _based("with a body", sent)],
        "requests": [_judged(name, {**request, **changes}) for name, request, changes in cases],
    }


def _parsed(request: dict[str, Any]) -> Any:
    body = request["body"]
    return parse_request(
        request["method"],
        request["authority"],
        request["path"],
        request["query"],
        request["headers"],
        None if body is None else decode_base64(body),
    )


def _based(name: str, request: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "request": request, "base": _parsed(request).base.decode()}


def _judged(name: str, request: dict[str, Any]) -> dict[str, Any]:
    try:
        signed = _parsed(request)
        verify_request(signed, bytes.fromhex(request["public"]), parse_time(request["now"]))
        error = None
    except AmanaError as refused:
        error = refused.code
    return {"name": name, **request, "error": error}


def _changed(request: dict[str, Any], old: str, new: str) -> dict[str, str]:
    return {name: value.replace(old, new) for name, value in request["headers"].items()}


def _with_nonce(request: dict[str, Any], nonce: str) -> dict[str, str]:
    return _changed(request, "bm9uY2Ugb25l", nonce)


def _without(request: dict[str, Any], part: str) -> dict[str, str]:
    return _changed(request, part, "")


def _labelled(request: dict[str, Any], label: str) -> dict[str, str]:
    return _changed(request, "amana=", f"{label}=")
