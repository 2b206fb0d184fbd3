"""Section "Requests"."""

import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta

from .plain import RefusedError, moment, unbase64
from .statements import fits, key_id

NEEDED = ["@method", "@authority", "@path", "@query"]
WITH_BODY = ["content-digest", "content-type"]
INPUT = re.compile(r'amana=(?P<value>\((?P<covered>("[a-z@-]+"( (?=")|(?=\))))*)\)(?P<rest>;.+))')
PARAMETER = re.compile(r';(?P<name>[a-z]+)=("(?P<text>[^"\\]*)"|(?P<number>\d+))')


def base_of(request: dict) -> bytes:
    """The signature base."""
    covered, value, _ = _input(request)
    lines = [f'"{name}": {_component(request, name)}' for name in covered]
    return "\n".join([*lines, f'"@signature-params": {value}']).encode()


def accept(request: dict) -> None:
    """Raises RefusedError unless a server takes the request at `now` by the key `public`."""
    covered, _, parameters = _input(request)
    body = None if request["body"] is None else unbase64(request["body"])
    if not set(NEEDED + (WITH_BODY if body else [])) <= set(covered):
        raise RefusedError("unsigned")
    if "content-digest" in covered:
        told = re.search(r"sha-256=:([A-Za-z0-9+/=]+):", _component(request, "content-digest"))
        if not told or unbase64(told[1]) != hashlib.sha256(body or b"").digest():
            raise RefusedError("digest_mismatch")
    public = bytes.fromhex(request["public"])
    told = re.search(r"amana=:([A-Za-z0-9+/=]+):", request["headers"]["Signature"])
    good = parameters["keyid"] == key_id(public) and told is not None
    if not good or not fits(public, base_of(request), base64.b64decode(told[1])):
        raise RefusedError("bad_signature")
    created = datetime.fromtimestamp(int(parameters["created"]), UTC)
    if abs(moment(request["now"]) - created) > timedelta(minutes=5):
        raise RefusedError("stale_request")


def _input(request: dict) -> tuple[list[str], str, dict[str, str]]:
    found = INPUT.fullmatch(request["headers"].get("Signature-Input", ""))
    if not found or "Signature" not in request["headers"]:
        raise RefusedError("unsigned")
    parameters = {
        each["name"]: each["text"] if each["number"] is None else each["number"]
        for each in PARAMETER.finditer(found["rest"])
    }
    if set(parameters) != {"created", "nonce", "keyid", "alg", "tag"}:
        raise RefusedError("unsigned")
    if (parameters["alg"], parameters["tag"]) != ("ed25519", "amana"):
        raise RefusedError("unsigned")
    return re.findall(r'"([^"]+)"', found["covered"]), found["value"], parameters


def _component(request: dict, name: str) -> str:
    headers = {each.lower(): value for each, value in request["headers"].items()}
    derived = {
        "@method": request["method"],
        "@authority": request["authority"].lower(),
        "@path": request["path"],
        "@query": "?" + request["query"],
    }
    if name not in derived and name not in headers:
        raise RefusedError("unsigned")
    return derived.get(name) or headers[name]
