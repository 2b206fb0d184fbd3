"""Section "Certificates"."""

import hashlib
import json
from datetime import datetime

from .plain import RefusedError, moment, read, unbase64
from .statements import opened

CERTIFICATE = "application/vnd.amana.certificate.v1+json"
REVOCATION = "application/vnd.amana.revocation.v1+json"


def fingerprint(root: dict) -> str:
    """SHA-256 of the root's JSON: sorted names, no blanks, UTF-8."""
    text = json.dumps(root, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _keys(holder: dict) -> list[bytes]:
    return [unbase64(each) for each in holder["keys"]]


class Store:
    """Certificates by subject, and what was revoked since when."""

    def __init__(self, root: dict, statements: list[dict]) -> None:
        self.known: dict[str, list[tuple[dict, list[dict]]]] = {}
        self.revoked: dict[tuple[str, str], datetime] = {}
        bodies = [
            (each, read(unbase64(each["payload"])))
            for each in statements
            if each["payloadType"] == CERTIFICATE
        ]
        authorities = []
        for statement, body in bodies:
            if body["role"] == "authority":
                _signed(statement, [root], CERTIFICATE)
                authorities.append(body)
                self._add(body, [])
        for statement, body in bodies:
            if body["role"] != "authority":
                own = [each for each in authorities if each["country"] == body["country"]]
                self._add(body, _signed(statement, own, CERTIFICATE))
        for statement in statements:
            if statement["payloadType"] == REVOCATION:
                self._revoke(root, authorities, statement)

    def _add(self, body: dict, issuers: list[dict]) -> None:
        self.known.setdefault(body["subject"], []).append((body, issuers))

    def _revoke(self, root: dict, authorities: list[dict], statement: dict) -> None:
        body = read(unbase64(statement["payload"]))
        subject = body["subject"]
        known = self.known.get(subject, [])
        countries = {each["country"] for each, _ in known}
        may = [each for each in authorities if not countries or each["country"] in countries]
        _signed(statement, [root] if subject.startswith("authority-") else may, REVOCATION)
        name, since = (subject, body["serial"]), moment(body["revoked"])
        self.revoked[name] = min(since, self.revoked.get(name, since))

    def device(self, subject: str, at: datetime) -> dict:
        """The certificate of a device or server, trusted at a moment, or RefusedError."""
        body = self._current(subject, at)
        if body["role"] in ("authority", "organisation"):
            raise RefusedError("unknown_device")
        if body["organisation"] is not None:
            organisation = self._current(body["organisation"], at)
            if organisation["country"] != body["country"]:
                raise RefusedError("wrong_issuer")
        return body

    def _current(self, subject: str, at: datetime) -> dict:
        known = sorted(
            self.known.get(subject, []), key=lambda each: (each[0]["not_before"], each[0]["serial"])
        )
        if not known:
            raise RefusedError("unknown_device")
        begun = [each for each in known if moment(each[0]["not_before"]) <= at]
        body, issuers = begun[-1] if begun else known[0]
        self._in_force(body, at)
        if issuers and not any(self._holds(each, at) for each in issuers):
            raise RefusedError("untrusted")
        return body

    def _holds(self, body: dict, at: datetime) -> bool:
        try:
            self._in_force(body, at)
        except RefusedError:
            return False
        return True

    def _in_force(self, body: dict, at: datetime) -> None:
        since = self.revoked.get((body["subject"], body["serial"]))
        if since is not None and since <= at:
            raise RefusedError("revoked")
        if not moment(body["not_before"]) <= at < moment(body["not_after"]):
            raise RefusedError("expired")


def _signed(statement: dict, issuers: list[dict], kind: str) -> list[dict]:
    """Those of `issuers` that signed with enough keys: at least one."""
    good, why = [], RefusedError("wrong_issuer")
    for each in issuers:
        try:
            opened(statement, _keys(each), each["threshold"], kind)
        except RefusedError as refused:
            if refused.code != "unknown_key":
                why = refused
        else:
            good.append(each)
    if not good:
        raise why
    return good
