"""The chain of trust: certificates and revocations checked once, then asked by moment.

Shell model: at a moment, a device counts if its own certificate, its organisation's, and an
authority certificate that signed each are all in force and unrevoked at that moment. Of several
certificates of one subject the newest begun counts, so that a lapsed or revoked renewal never
brings an older one back.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from attrs import field, frozen

from protocols.errors import AmanaError
from protocols.plain import from_json, to_json
from protocols.sealing.certificate import (
    CERTIFICATE_TYPE,
    PERSONAL,
    REVOCATION_TYPE,
    WITNESSING,
    Certificate,
    ConflictingError,
    ExpiredError,
    Revocation,
    RevokedError,
    Role,
    Root,
    UnknownDeviceError,
    UntrustedError,
    WrongIssuerError,
    authority_subject,
)
from protocols.sealing.statement import (
    Statement,
    TooFewSignaturesError,
    UnknownKeyError,
    WrongTypeError,
    keyid,
    verify,
)

Revoked = dict[tuple[str, str], datetime]
"""(subject, serial) -> the earliest moment from which it is void."""


@frozen
class Issued:
    """A certificate with the authority certificates under which its signatures hold (none for an
    authority: the root signed it)."""

    certificate: Certificate
    issuers: tuple[Certificate, ...]


@frozen
class TrustStore:
    """Everything that a root vouches for, as far as the given statements show; immutable."""

    root: Root
    statements: tuple[Statement, ...]
    """The statements it was built from, without repeats, in an order of their own."""
    _issued: dict[str, tuple[Issued, ...]] = field(repr=False, eq=False)
    _revoked: Revoked = field(repr=False, eq=False)

    @classmethod
    def build(cls, root: Root, statements: Iterable[Statement]) -> "TrustStore":
        """Check every certificate and revocation, in any order.

        Raises WrongIssuerError, BadSignatureError, WrongTypeError, ConflictingError or
        MalformedError on the first that doesn't verify; expired ones are kept, for the past.
        """
        ordered = _without_repeats(statements)
        certificates = [each for each in ordered if each.payloadType == CERTIFICATE_TYPE]
        revocations = [each for each in ordered if each.payloadType == REVOCATION_TYPE]
        if len(certificates) + len(revocations) != len(ordered):
            raise WrongTypeError("only certificates and revocations belong in a trust store")
        read = [(each, from_json(each.payload, Certificate)) for each in certificates]
        authorities = [
            _from_root(root, statement, certificate)
            for statement, certificate in read
            if certificate.role is Role.AUTHORITY
        ]
        others = [
            Issued(certificate, _issuers(statement, certificate, authorities))
            for statement, certificate in read
            if certificate.role is not Role.AUTHORITY
        ]
        issued = _by_subject([*(Issued(each, ()) for each in authorities), *others])
        revoked = _read_revocations(root, revocations, authorities, issued)
        return cls(root, tuple(ordered), issued, revoked)

    def extended(self, statements: Iterable[Statement]) -> "TrustStore":
        """A store of these statements too. Raises as `build` does."""
        return TrustStore.build(self.root, (*self.statements, *statements))

    def authority(self, country: str, at: datetime) -> Certificate:
        """The newest valid authority certificate of `country`. Raises UntrustedError."""
        known = self._known(authority_subject(country))
        return self._first_valid([each.certificate for each in reversed(known)], at)

    def organisation(self, subject: str, at: datetime) -> Certificate:
        """The organisation's certificate valid at `at`. Raises UntrustedError."""
        certificate = self._current(subject, at)
        if certificate.role is not Role.ORGANISATION:
            raise UnknownDeviceError(f"{subject} is no organisation; refresh the directory")
        return certificate

    def device(self, keyid: str, at: datetime) -> Certificate:
        """The certificate of the device or server `keyid`, whose organisation (if it has one) and
        authority are valid at `at` too. Raises UntrustedError (Expired, Revoked, Unknown)."""
        certificate = self._current(keyid, at)
        if certificate.role in (Role.ORGANISATION, Role.AUTHORITY):
            raise UnknownDeviceError(f"{keyid} is no device; refuse what it signed")
        if certificate.organisation is not None:
            organisation = self.organisation(certificate.organisation, at)
            if organisation.country != certificate.country:
                raise WrongIssuerError(
                    f"a device in {certificate.country} of an organisation in"
                    f" {organisation.country}; have that country's authority certify it"
                )
        return certificate

    def turning_points(self) -> tuple[datetime, ...]:
        """Every moment from which some answer may differ from before, in order: from one up to,
        but not including, the next, all answers stay the same."""
        certificates = [each.certificate for known in self._issued.values() for each in known]
        begins, ends = (
            {each.not_before for each in certificates},
            {each.not_after for each in certificates},
        )
        return tuple(sorted(begins | ends | set(self._revoked.values())))

    def devices_of(self, organisation: str, at: datetime) -> tuple[Certificate, ...]:
        """Every valid device of the organisation, by keyid; none when it isn't valid itself."""
        return self._valid_where(
            lambda each: each.role in PERSONAL and each.organisation == organisation, at
        )

    def former_devices_of(self, organisation: str, at: datetime) -> tuple[str, ...]:
        """The devices, by keyid, that the organisation once had and that do not count as its own at
        `at`: revoked, expired, or another organisation's by now."""
        present = {each.subject for each in self.devices_of(organisation, at)}
        return tuple(
            subject
            for subject, known in sorted(self._issued.items())
            if subject not in present
            and any(
                each.certificate.role in PERSONAL
                and each.certificate.organisation == organisation
                and each.certificate.not_before <= at
                for each in known
            )
        )

    def servers(self, country: str, at: datetime) -> tuple[Certificate, ...]:
        """Every server valid for `country`, by keyid."""
        return self._valid_where(
            lambda each: each.role is Role.SERVER and each.country == country, at
        )

    def witness(self, keyid: str, country: str, at: datetime) -> Certificate | None:
        """The certificate under which `keyid` may cosign the log of `country` at `at`; None where
        it may not."""
        try:
            found = self.device(keyid, at)
        except UntrustedError:
            return None
        return found if found.role in WITNESSING and found.country == country else None

    def witnesses(self, country: str, at: datetime) -> tuple[Certificate, ...]:
        """Every valid device or machine that may cosign the log of `country`, by keyid: its
        coordinators' and those certified to do nothing else."""
        return self._valid_where(
            lambda each: each.role in WITNESSING and each.country == country, at
        )

    def organisations(self, country: str, at: datetime) -> tuple[Certificate, ...]:
        """Every organisation valid for `country`, by id."""
        return self._valid_where(
            lambda each: each.role is Role.ORGANISATION and each.country == country, at
        )

    def _valid_where(
        self, wanted: Callable[[Certificate], bool], at: datetime
    ) -> tuple[Certificate, ...]:
        found = []
        for subject, known in sorted(self._issued.items()):
            if not any(wanted(each.certificate) for each in known):
                continue
            try:
                is_device = known[0].certificate.keys != ()
                valid = self.device(subject, at) if is_device else self.organisation(subject, at)
            except UntrustedError:
                continue
            if wanted(valid):
                found.append(valid)
        return tuple(found)

    def _known(self, subject: str) -> tuple[Issued, ...]:
        known = self._issued.get(subject)
        if not known:
            raise UnknownDeviceError(
                f"no certificate of {subject[:64]} is known; refresh the directory"
            )
        return known

    def _current(self, subject: str, at: datetime) -> Certificate:
        """The newest begun certificate of `subject`, with an authority behind it, or why not."""
        known = self._known(subject)
        begun = [each for each in known if each.certificate.not_before <= at]
        newest = begun[-1] if begun else known[0]
        self._check(newest.certificate, at)
        if newest.issuers:
            self._first_valid(newest.issuers, at)
        return newest.certificate

    def _first_valid(self, candidates: Iterable[Certificate], at: datetime) -> Certificate:
        """The first that is in force and unrevoked; else the error of the first."""
        problem: UntrustedError | None = None
        for each in candidates:
            try:
                self._check(each, at)
            except UntrustedError as error:
                problem = problem or error
            else:
                return each
        raise problem or UnknownDeviceError("no authority is known; refresh the directory")

    def _check(self, certificate: Certificate, at: datetime) -> None:
        since = self._revoked.get((certificate.subject, certificate.serial))
        if since is not None and since <= at:
            raise RevokedError(
                f"the certificate of {certificate.subject} was revoked on {since:%Y-%m-%d};"
                " ask the country's authority"
            )
        if not certificate.in_force(at):
            raise ExpiredError(
                f"the certificate of {certificate.subject} is valid from"
                f" {certificate.not_before:%Y-%m-%d} to {certificate.not_after:%Y-%m-%d} only;"
                " ask the country's authority for a new one"
            )


def _without_repeats(statements: Iterable[Statement]) -> list[Statement]:
    return [each for _, each in sorted({to_json(each): each for each in statements}.items())]


def _from_root(root: Root, statement: Statement, certificate: Certificate) -> Certificate:
    keys = {keyid(key): key for key in root.keys}
    _verify_issuer(statement, keys, root.threshold, certificate.subject)
    return certificate


def _verify_issuer(
    statement: Statement, keys: dict[str, bytes], threshold: int, subject: str
) -> None:
    try:
        verify(statement, keys, threshold, payload_type=statement.payloadType)
    except UnknownKeyError as error:
        raise WrongIssuerError(
            f"what concerns {subject[:64]} was not signed by whoever may; refuse it"
        ) from error


def _issuers(
    statement: Statement, certificate: Certificate, authorities: Iterable[Certificate]
) -> tuple[Certificate, ...]:
    """The authority certificates of its own country under which `statement` holds: at least one."""
    problem: AmanaError = WrongIssuerError(
        f"no authority of {certificate.country} is known to vouch for {certificate.subject};"
        " refresh the directory"
    )
    found = []
    for authority in sorted(authorities, key=_age, reverse=True):
        if authority.country != certificate.country:
            continue
        try:
            _verify_issuer(statement, authority.key_map, authority.threshold, certificate.subject)
        except (WrongIssuerError, TooFewSignaturesError) as error:
            problem = error
        else:
            found.append(authority)
    if not found:
        raise problem
    return tuple(found)


def _age(certificate: Certificate) -> tuple[datetime, str]:
    return certificate.not_before, certificate.serial


def _by_subject(issued: Iterable[Issued]) -> dict[str, tuple[Issued, ...]]:
    """subject -> its certificates, oldest first. Raises ConflictingError."""
    signed: dict[Certificate, tuple[Certificate, ...]] = {}
    for each in issued:
        signed[each.certificate] = signed.get(each.certificate, ()) + each.issuers
    found: dict[str, list[Issued]] = {}
    for certificate in sorted(signed, key=_age):
        found.setdefault(certificate.subject, []).append(Issued(certificate, signed[certificate]))
    for subject, known in found.items():
        countries = {each.certificate.country for each in known}
        kinds = {each.certificate.role in PERSONAL or each.certificate.role for each in known}
        serials = {each.certificate.serial for each in known}
        if len(countries) > 1 or len(kinds) > 1 or len(serials) < len(known):
            raise ConflictingError(
                f"certificates of {subject} contradict each other; ask the authorities to settle it"
            )
    return {subject: tuple(known) for subject, known in found.items()}


def _read_revocations(
    root: Root,
    statements: Iterable[Statement],
    authorities: list[Certificate],
    issued: dict[str, tuple[Issued, ...]],
) -> Revoked:
    revoked: Revoked = {}
    for statement in statements:
        revocation = from_json(statement.payload, Revocation)
        known = issued.get(revocation.subject, ())
        _check_revoker(root, statement, revocation, authorities, known)
        name = (revocation.subject, revocation.serial)
        revoked[name] = min(revocation.revoked, revoked.get(name, revocation.revoked))
    return revoked


def _check_revoker(
    root: Root,
    statement: Statement,
    revocation: Revocation,
    authorities: list[Certificate],
    known: tuple[Issued, ...],
) -> None:
    """The root revokes authorities, an authority what is in its country; of a subject not known
    here, any authority's word is kept, since it can only matter once the subject is known."""
    if revocation.subject.startswith("authority-"):
        keys = {keyid(key): key for key in root.keys}
        return _verify_issuer(statement, keys, root.threshold, revocation.subject)
    country = known[0].certificate.country if known else None
    problem: AmanaError = WrongIssuerError(
        f"the revocation of {revocation.subject[:64]} is by no authority over it; refuse it"
    )
    for authority in authorities:
        if country not in (None, authority.country):
            continue
        try:
            return _verify_issuer(
                statement, authority.key_map, authority.threshold, revocation.subject
            )
        except (WrongIssuerError, TooFewSignaturesError) as error:
            problem = error
    raise problem
