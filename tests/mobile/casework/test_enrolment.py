"""Joining: by invitation alone, under its root alone, with this device's key alone."""

from datetime import timedelta

import httpx
import pytest
from attrs import evolve
from nacl.signing import SigningKey

from mobile.casework.errors import (
    EnrolmentRefusedError,
    InvitationUnusableError,
    LockedError,
    NotEnrolledError,
    WrongRootError,
)
from mobile.sync.errors import DirectoryInvalidError, HostileAnswerError, OfflineError
from protocols.errors import MalformedError
from protocols.messages import EnrolmentRequest, EnrolmentStatus
from protocols.plain import format_time, from_json, to_json, to_plain
from protocols.sealing.certificate import Role
from protocols.sealing.enrolment import (
    EnrolmentProofError,
    check_proof,
    invitation_to_uri,
    opens,
    short_code,
)
from protocols.sealing.statement import keyid
from tests.mobile.fake_server import BASE
from tests.mobile.town import INSPECTORATE, OFFICE, desk_of

DRAWN = bytes(range(32))
SECRET = b"secret of a fictional test"


@pytest.fixture
def phone(town):
    return town.new_phone("new")


@pytest.fixture
def uri(server):
    return server.invite(INSPECTORATE, Role.FIELD_WORKER)


def request_of(server):
    (body, _), *_ = server.enrolments.values()
    return body


def answered(server, nonce=DRAWN):
    """The office draws its number for every device that waits."""
    for identifier, (_, state) in server.enrolments.items():
        if state == "pending":
            server.contribute(identifier, nonce)


def test_a_phone_joins_what_it_was_invited_to(phone, uri, server, town):
    server.approving = False
    phone.enrolment.begin(uri, " Blue phone ")
    assert (phone.identity, phone.enrolment.short_code) == (None, None)
    assert (phone.enrolment.asked, phone.enrolment.poll()) == (True, "pending")
    answered(server)
    assert phone.enrolment.poll() == "pending"
    assert len(phone.enrolment.short_code) == 8
    assert phone.enrolment.invitation.organisation == INSPECTORATE
    server.approve(*server.enrolments)
    assert phone.enrolment.poll() == "approved"
    me = phone.identity
    assert (me.role, me.organisation, me.label) == ("field_worker", INSPECTORATE, "Blue phone")
    assert me.organisation_name == "Fictional Inspectorate"
    assert phone.enrolment.short_code is None
    assert phone.enrolment.poll() == "approved"
    assert town.restart(phone).identity == me


def test_the_request_proves_the_invitation_and_shows_the_same_code_as_the_office(
    phone, uri, server
):
    server.approving = False
    phone.enrolment.begin(uri, "a")
    body = request_of(server)
    check_proof(body.proof, SECRET, body.claim)
    answered(server)
    phone.enrolment.poll()
    (step,) = server.comparisons.values()
    assert opens(body.claim, step.opening)
    assert short_code(SECRET, body.claim, step.opening, DRAWN) == phone.enrolment.short_code


def test_the_invitations_secret_never_leaves_the_phone(phone, uri, server):
    server.approving = False
    phone.enrolment.begin(uri, "a")
    answered(server)
    phone.enrolment.poll()
    phone.enrolment.request_file(uri, "a")
    server.approve(*server.enrolments)
    phone.enrolment.poll()
    sent = b"".join(str(r.url).encode() + r.content for r, _ in server.requests)
    for form in (SECRET, b"c2VjcmV0IG9mIGEgZmljdGlvbmFsIHRlc3Q", SECRET.hex().encode()):
        assert form not in sent


def test_an_invitation_stolen_without_the_phone_shows_another_code(town, phone, uri, server):
    """The thief's phone enrols under the same invitation: its code is not the one read aloud."""
    server.approving = False
    phones = (town.new_phone("thief"), phone)
    for each in phones:
        each.enrolment.begin(uri, "a")
    answered(server)
    for each in phones:
        each.enrolment.poll()
    codes = {each.enrolment.short_code for each in phones}
    assert len(codes) == 2
    assert None not in codes


def test_a_server_that_swaps_the_key_cannot_make_the_proof(phone, uri, server):
    phone.enrolment.begin(uri, "a")
    body = request_of(server)
    swapped = bytes(SigningKey.generate().verify_key)
    with pytest.raises(EnrolmentProofError):
        check_proof(body.proof, SECRET, evolve(body.claim, device_key=swapped))


def test_beginning_again_with_the_same_invitation_is_the_same_request(phone, uri, server, town):
    server.approving = False
    phone.enrolment.begin(uri, "a")
    first = request_of(server)
    answered(server)
    phone.enrolment.poll()
    code = phone.enrolment.short_code
    again = town.restart(phone)
    again.enrolment.begin(uri, "another name")
    assert again.enrolment.short_code == code
    assert len(server.enrolments) == 1
    bodies = [from_json(r.content, EnrolmentRequest) for r, _ in server.requests if asks(r)]
    assert bodies == [first, first]


def asks(request):
    return request.method == "POST" and request.url.path == "/v1/enrolments"


def test_a_lost_answer_costs_a_repeat_only(phone, uri, server):
    def lose(request, answer):
        if request.method == "POST":
            raise httpx.ReadTimeout("lost")
        return answer

    server.break_next = lose
    with pytest.raises(OfflineError):
        phone.enrolment.begin(uri, "a")
    server.break_next = None
    with pytest.raises(InvitationUnusableError):
        phone.enrolment.poll()
    phone.enrolment.begin(uri, "a")
    assert phone.enrolment.poll() == "approved"
    assert len(server.enrolments) == 1


def test_another_invitation_starts_anew_with_other_keys(phone, server):
    server.approving = False
    phone.enrolment.begin(server.invite(INSPECTORATE, Role.FIELD_WORKER), "a")
    phone.enrolment.begin(server.invite(OFFICE, Role.COORDINATOR), "a")
    keys = {body.device_key for body, _ in server.enrolments.values()}
    assert len(keys) == 2
    assert phone.enrolment.invitation.organisation == OFFICE


def test_waiting_and_refused(phone, uri, server):
    server.approving = False
    phone.enrolment.begin(uri, "a")
    assert phone.enrolment.poll() == "pending"
    server.refuse(next(iter(server.enrolments)))
    assert phone.enrolment.poll() == "refused"
    assert phone.enrolment.refused
    assert (phone.identity, phone.enrolment.short_code) == (None, None)


def test_a_server_of_another_programme_is_not_enrolled_with(phone, town, server):
    foreign = server.invite(INSPECTORATE, Role.FIELD_WORKER, root="ab" * 32)
    with pytest.raises(WrongRootError):
        phone.enrolment.begin(foreign, "a")
    assert server.enrolments == {}
    assert desk_of(phone).vault.list("trust-root") == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"expires": "2026-11-24T09:00:00Z"},
        {"role": "server"},
        {"role": "authority"},
        {"role": "emperor"},
        {"server": "http://amana.example"},
        {"server": "ftp://127.0.0.1"},
        {"server": "https://"},
        {"server": "https://["},
        {"server": "https://a.example:99999"},
        {"server": "https://a b.example"},
        {"server": ""},
        {"secret": "not base64"},
        {"expires": "tomorrow"},
    ],
)
def test_an_invitation_that_cannot_be_used_is_refused_before_anything_is_asked(
    phone, server, changes
):
    uri = server.invite(INSPECTORATE, Role.FIELD_WORKER, **changes)
    with pytest.raises(InvitationUnusableError):
        phone.enrolment.begin(uri, "a")
    assert server.requests == []


@pytest.mark.parametrize(
    "text", ["", "https://example.org", "amana:enrol?v=1", "amana:enrol?v=9&id=x", "\x00" * 5000]
)
def test_text_that_is_no_invitation_is_refused(phone, server, text):
    with pytest.raises(MalformedError):
        phone.enrolment.begin(text, "a")
    assert server.requests == []


def test_space_around_a_typed_invitation_does_not_matter(phone, uri):
    phone.enrolment.begin(f"  {uri}\n", "a")


@pytest.mark.parametrize("label", ["", "  ", "x" * 101, "a\u202eb", "two\nlines"])
def test_a_device_has_a_name(phone, uri, label, server):
    with pytest.raises(InvitationUnusableError):
        phone.enrolment.begin(uri, label)
    assert server.requests == []


def approved_with(server, statements):
    """The server says approved, and shows these certificates."""

    def answer(request, honest):
        if request.method == "GET" and "/enrolments/" in request.url.path:
            identifier = request.url.path.rpartition("/")[2]
            status = EnrolmentStatus(identifier, "approved", tuple(statements))
            return httpx.Response(200, content=to_json(status))
        return honest

    server.break_next = answer


def certificate(server, public, role=Role.FIELD_WORKER, organisation=INSPECTORATE, by="tn"):
    return server._certificate(
        keyid(public), role, None, by=by, organisation=organisation, public=public
    )


def refused(phone, error):
    with pytest.raises(error):
        phone.enrolment.poll()
    assert phone.identity is None
    with pytest.raises(NotEnrolledError):
        phone.sync()


def test_a_certificate_for_another_key_is_refused(phone, uri, server):
    phone.enrolment.begin(uri, "a")
    other = bytes(SigningKey.generate().verify_key)
    approved_with(server, [server.authority, *server.statements[:4], certificate(server, other)])
    refused(phone, EnrolmentRefusedError)


@pytest.mark.parametrize(
    ("role", "organisation"),
    [(Role.COORDINATOR, INSPECTORATE), (Role.FIELD_WORKER, OFFICE), (Role.PROVIDER_STAFF, OFFICE)],
)
def test_a_certificate_for_another_role_or_organisation_is_refused(
    phone, uri, server, role, organisation
):
    server.approving = False
    phone.enrolment.begin(uri, "a")
    own = certificate(server, request_of(server).device_key, role, organisation)
    approved_with(server, [server.authority, *server.statements, own])
    refused(phone, EnrolmentRefusedError)


def test_a_certificate_by_a_false_authority_is_refused(phone, uri, server):
    server.approving = False
    phone.enrolment.begin(uri, "a")
    server.keys["false"] = SigningKey.generate()
    own = certificate(server, request_of(server).device_key, by="false")
    approved_with(server, [server.authority, *server.statements, own])
    refused(phone, DirectoryInvalidError)


@pytest.mark.parametrize("left_out", ["own", "organisation", "all"])
def test_approved_without_a_whole_chain_is_refused(phone, uri, server, left_out):
    server.approving = False
    phone.enrolment.begin(uri, "a")
    own = certificate(server, request_of(server).device_key)
    approved_with(
        server,
        {"own": server.statements, "organisation": [own], "all": []}[left_out],
    )
    refused(phone, EnrolmentRefusedError)


def test_a_certificate_that_ended_is_refused(phone, uri, server, clock):
    phone.enrolment.begin(uri, "a")
    clock.forward(days=900)
    refused(phone, EnrolmentRefusedError)


@pytest.mark.parametrize("identifier", ["../../x", "a b", "a\nb", "", "x" * 500, "?a", "\u202e"])
def test_an_enrolments_id_is_an_id(phone, uri, server, identifier):
    """It becomes part of an address: what could not is refused, and nothing is stuck."""

    def answer(request, honest):
        if request.method == "POST":
            return httpx.Response(202, content=to_json(EnrolmentStatus(identifier, "pending")))
        return honest

    server.break_next = answer
    with pytest.raises(HostileAnswerError):
        phone.enrolment.begin(uri, "a")
    server.break_next = None
    phone.enrolment.begin(uri, "a")
    assert phone.enrolment.poll() == "approved"


def test_an_enrolled_phone_joins_nothing_else(worker, server):
    with pytest.raises(InvitationUnusableError):
        worker.enrolment.begin(server.invite(OFFICE, Role.COORDINATOR), "a")


def test_nothing_is_done_while_locked(phone, uri):
    phone.lock()
    with pytest.raises(LockedError):
        phone.enrolment.begin(uri, "a")


def test_the_first_sealing_key_travels_with_the_request(phone, uri, server, town):
    phone.enrolment.begin(uri, "a")
    phone.enrolment.poll()
    sealing = desk_of(phone).keyring.sealing()[0]
    assert sealing.published
    request = next(r for r, _ in server.requests if r.method == "POST")
    assert from_json(request.content, EnrolmentRequest).sealing_key == sealing.statement
    assert to_plain(sealing.statement) in [to_plain(each) for each in server.live]


def test_refusals_name_no_secret(phone, server):
    uris = [
        server.invite(INSPECTORATE, Role.FIELD_WORKER, root="ab" * 32),
        server.invite(
            INSPECTORATE,
            Role.FIELD_WORKER,
            expires=format_time(server.clock() - timedelta(days=1)),
        ),
        invitation_to_uri(next(iter(server.invitations.values())) | {"server": "ftp://x"}),
    ]
    for uri in uris:
        with pytest.raises((InvitationUnusableError, WrongRootError)) as told:
            phone.enrolment.begin(uri, "a")
        text = f"{told.value!r}{told.value}"
        assert "c2VjcmV0" not in text
        assert SECRET.decode() not in text
    assert BASE.startswith("http://127.")
