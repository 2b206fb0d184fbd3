"""A coordinator's phone lets devices in: both sides are real phones, the server is in memory."""

from datetime import timedelta

import httpx
import pytest
from attrs import evolve

from mobile.casework.errors import (
    ClockWrongError,
    EnrolmentRefusedError,
    InvitingError,
    UnknownRecordError,
)
from mobile.sync.errors import OfflineError
from protocols.messages import Given
from protocols.plain import from_json, load_json
from protocols.sealing.certificate import Role
from protocols.sealing.comparing import (
    ComparisonError,
    DeadInvitationError,
    OpeningError,
    SecondContributionError,
    read_endorsement,
)
from protocols.sealing.enrolment import invitation_from_uri, invitation_to_uri
from tests.mobile.town import FIRST, INSPECTORATE, OFFICE, desk_of

WORKER, STAFF = "field_worker", "provider_staff"


@pytest.fixture
def waiting(server, coordinator):
    server.approving = False
    return server


def invited(coordinator, organisation=INSPECTORATE, role=WORKER):
    return coordinator.inviting.invite(organisation, role)


def comparing(town, coordinator, name="new"):
    """An invitation and a new phone that both show digits."""
    made = invited(coordinator)
    phone = town.new_phone(name)
    phone.enrolment.begin(made.uri, "Blue phone")
    coordinator.inviting.look(made.id)
    phone.enrolment.poll()
    return coordinator.inviting.look(made.id), phone


def test_organisations_and_roles_of_the_own_country_are_offered(coordinator):
    places = {each.id: each.roles for each in coordinator.inviting.workplaces()}
    assert places[INSPECTORATE] == (WORKER,)
    assert places[FIRST] == (STAFF, WORKER)
    assert OFFICE in places


@pytest.mark.parametrize(
    ("organisation", "role"),
    [
        (INSPECTORATE, STAFF),
        (INSPECTORATE, "coordinator"),
        ("fictional-nobody", WORKER),
        (OFFICE, "coordinator"),
    ],
)
def test_nobody_is_invited_to_what_is_not_offered(coordinator, organisation, role):
    with pytest.raises(InvitingError):
        coordinator.inviting.invite(organisation, role)


def test_an_organisation_revoked_is_not_offered(town, coordinator, server):
    assert FIRST in {each.id for each in coordinator.inviting.workplaces()}
    server.revoke_organisation(FIRST)
    coordinator.sync()
    assert FIRST not in {each.id for each in coordinator.inviting.workplaces()}


@pytest.mark.parametrize("role", ["worker", "shelter"])
def test_only_a_coordinators_phone_adds_devices(town, role):
    phone = getattr(town, role)()
    for step in (
        phone.inviting.workplaces,
        phone.inviting.list,
        lambda: phone.inviting.invite(INSPECTORATE, WORKER),
    ):
        with pytest.raises(InvitingError):
            step()


def test_the_whole_way_from_invitation_to_a_phone_that_has_joined(town, coordinator, waiting):
    made = invited(coordinator)
    assert (made.step, made.code) == ("waiting", None)
    assert coordinator.inviting.look(made.id).step == "waiting"
    phone = town.new_phone("new")
    phone.enrolment.begin(made.uri, "Blue phone")
    answered = coordinator.inviting.look(made.id)
    assert (answered.step, answered.uri, answered.label) == ("answered", None, "Blue phone")
    phone.enrolment.poll()
    found = coordinator.inviting.look(made.id)
    assert (found.step, found.code) == ("compare", phone.enrolment.short_code)
    vouched = coordinator.inviting.compared(made.id, same=True)
    assert (vouched.step, vouched.handed, vouched.code) == ("vouched", True, None)
    (identifier, (body, _)), *_ = [
        each for each in waiting.enrolments.items() if each[1][1] == "pending"
    ]
    word = waiting.comparisons[identifier].endorsement
    said, by = read_endorsement(word, waiting.trust, body.claim, "TN", town.clock())
    assert (said.organisation, said.role, by.subject) == (
        INSPECTORATE,
        WORKER,
        coordinator.identity.keyid,
    )
    waiting.invitations[made.id] = invitation_from_uri(made.uri)
    waiting.approve(identifier)
    assert phone.enrolment.poll() == "approved"
    coordinator.sync()
    assert coordinator.inviting.get(made.id).step == "let_in"
    assert phone.sync().problems == ()


def test_the_secret_leaves_the_coordinators_phone_by_its_screen_alone(town, coordinator, waiting):
    found, _ = comparing(town, coordinator)
    coordinator.inviting.compared(found.id, same=True)
    kept = desk_of(coordinator).vault.get("invitation", found.id)
    secret = invitation_from_uri(invited(coordinator).uri)["secret"]
    assert len(secret) == 44
    assert b'"secret"' in kept
    sent = b"".join(str(r.url).encode() + r.content for r, _ in waiting.requests)
    assert b'"secret"' not in sent
    assert secret.encode() not in sent


def test_two_phones_with_one_invitation_are_both_refused_and_told_why(town, coordinator, waiting):
    made = invited(coordinator)
    phones = [town.new_phone(name) for name in ("rightful", "thief")]
    for each in phones:
        each.enrolment.begin(made.uri, "Blue phone")
    found = coordinator.inviting.look(made.id)
    assert (found.step, found.why, found.code) == ("dead", "two_devices", None)
    for each in phones:
        assert each.enrolment.poll() == "refused"
        assert each.enrolment.refusal == "two_devices"
    with pytest.raises(DeadInvitationError):
        coordinator.inviting.compared(made.id, same=True)


def test_a_second_phone_after_the_first_was_answered_kills_it_too(town, coordinator, waiting):
    found, phone = comparing(town, coordinator)
    town.new_phone("thief").enrolment.begin(invited_uri(coordinator, found.id), "Another phone")
    assert coordinator.inviting.look(found.id).step == "dead"
    assert phone.enrolment.poll() == "refused"


def invited_uri(coordinator, invitation):
    kept = load_json(desk_of(coordinator).vault.get("invitation", invitation))
    return invitation_to_uri(kept["invitation"])


def test_digits_that_differ_three_times_end_it(town, coordinator, waiting):
    found, phone = comparing(town, coordinator)
    for left in (2, 1):
        found = coordinator.inviting.compared(found.id, same=False)
        assert (found.step, found.tries) == ("compare", left)
    found = coordinator.inviting.compared(found.id, same=False)
    assert (found.step, found.why) == ("dead", "different")
    assert phone.enrolment.poll() == "refused"
    assert phone.enrolment.refusal == "different"


def test_a_server_that_swaps_the_devices_key_leads_to_no_digits(town, coordinator, waiting):
    """Without the secret it cannot prove another claim: nothing is met."""
    made = invited(coordinator)
    phone = town.new_phone("new")
    phone.enrolment.begin(made.uri, "Blue phone")
    ((identifier, (body, state)),) = [
        each for each in waiting.enrolments.items() if each[1][1] == "pending"
    ]
    waiting.enrolments[identifier] = (evolve(body, device_key=bytes(32)), state)
    assert coordinator.inviting.look(made.id).step == "waiting"


def test_a_server_that_opens_with_another_number_is_refused(town, coordinator, waiting):
    made = invited(coordinator)
    phone = town.new_phone("new")
    phone.enrolment.begin(made.uri, "Blue phone")
    coordinator.inviting.look(made.id)
    phone.enrolment.poll()
    step = waiting.comparisons[pending_of(waiting)]
    honest, step.opening = step.opening, bytes(32)
    with pytest.raises(OpeningError):
        coordinator.inviting.look(made.id)
    step.opening = honest
    assert coordinator.inviting.look(made.id).code == phone.enrolment.short_code


def pending_of(server):
    (found,) = [each for each, (_, state) in server.enrolments.items() if state == "pending"]
    return found


def test_a_server_that_draws_in_the_coordinators_place_is_refused_by_both(
    town, coordinator, waiting
):
    made = invited(coordinator)
    phone = town.new_phone("new")
    phone.enrolment.begin(made.uri, "Blue phone")
    waiting.contribute(pending_of(waiting), bytes(32), "server")
    with pytest.raises(EnrolmentRefusedError):
        phone.enrolment.poll()
    assert waiting.comparisons[pending_of(waiting)].opening is None
    with pytest.raises(ComparisonError):
        coordinator.inviting.look(made.id)


def test_a_server_that_offers_two_numbers_stops_the_device_for_good(town, coordinator, waiting):
    found, phone = comparing(town, coordinator)
    assert found.code
    waiting.contribute(pending_of(waiting), bytes(range(32)))
    with pytest.raises(SecondContributionError):
        phone.enrolment.poll()
    assert phone.enrolment.refused
    waiting.approve = None
    assert phone.enrolment.poll() == "refused"


def test_a_number_of_another_invitation_is_not_taken(town, coordinator, waiting):
    made = [invited(coordinator), invited(coordinator)]
    phones = [town.new_phone(name) for name in ("one", "two")]
    for each, phone in zip(made, phones, strict=True):
        phone.enrolment.begin(each.uri, "Blue phone")
        coordinator.inviting.look(each.id)
    first, second = (step for step in waiting.comparisons.values() if step.contribution)
    first.contribution, second.contribution = second.contribution, first.contribution
    for phone in phones:
        with pytest.raises(ComparisonError):
            phone.enrolment.poll()


@pytest.mark.parametrize("step", ["contribution", "opening", "endorsement"])
@pytest.mark.parametrize("arrived", [True, False])
def test_a_line_that_breaks_at_any_step_is_mended_by_going_on(
    town, coordinator, waiting, step, arrived
):
    """And the app is killed at that very moment: what was drawn and taken is never drawn anew."""

    def lose(request, answer):
        if request.url.path.endswith(step):
            raise httpx.ReadTimeout("lost")
        return answer

    def lose_before(request):
        if request.url.path.endswith(step):
            raise httpx.ConnectTimeout("lost")

    made = invited(coordinator)
    phone = town.new_phone("new")
    phone.enrolment.begin(made.uri, "Blue phone")
    waiting.break_next = lose if arrived else None
    waiting.before = None if arrived else lose_before
    with pytest.raises(OfflineError):
        coordinator.inviting.look(made.id)
        phone.enrolment.poll()
        coordinator.inviting.look(made.id)
        coordinator.inviting.compared(made.id, same=True)
    waiting.break_next = waiting.before = None
    coordinator, phone = town.restart(coordinator), town.restart(phone)
    coordinator.inviting.look(made.id)
    phone.enrolment.poll()
    found = coordinator.inviting.look(made.id)
    if step == "endorsement":
        assert (found.step, found.handed) == ("vouched", True)
        return
    assert found.code == phone.enrolment.short_code
    assert coordinator.inviting.compared(made.id, same=True).handed


def test_offline_the_word_is_kept_and_handed_in_later(town, coordinator, waiting):
    found, _ = comparing(town, coordinator)
    waiting.before = offline
    with pytest.raises(OfflineError):
        coordinator.inviting.compared(found.id, same=True)
    kept = coordinator.inviting.get(found.id)
    assert (kept.step, kept.handed) == ("vouched", False)
    waiting.before = None
    assert coordinator.inviting.look(found.id).handed
    bodies = [r for r, _ in waiting.requests if r.url.path.endswith("endorsement")]
    assert len({from_json(each.content, Given).statement.digest for each in bodies}) == 1


def offline(request):
    raise httpx.ConnectError("fictional: no network", request=request)


def test_an_expired_invitation_lets_nobody_in(town, coordinator, waiting, clock):
    made = invited(coordinator)
    phone = town.new_phone("new")
    phone.enrolment.begin(made.uri, "Blue phone")
    clock.forward(hours=73)
    assert coordinator.inviting.look(made.id).step == "expired"
    assert waiting.comparisons[pending_of(waiting)].contribution is None
    clock.forward(days=30)
    assert coordinator.inviting.list() == ()
    with pytest.raises(UnknownRecordError):
        coordinator.inviting.get(made.id)


def test_a_coordinators_clock_that_is_wrong_is_told_before_the_word_is_given(
    town, coordinator, waiting
):
    found, _ = comparing(town, coordinator)
    town.off["coordinator"] = timedelta(hours=3)
    coordinator.inviting.look(found.id)
    with pytest.raises(ClockWrongError):
        coordinator.inviting.compared(found.id, same=True)
    town.off["coordinator"] = timedelta(0)
    coordinator.inviting.look(found.id)
    assert coordinator.inviting.compared(found.id, same=True).handed


def test_a_discarded_invitation_is_gone_with_its_secret(town, coordinator):
    made = invited(coordinator)
    coordinator.inviting.discard(made.id)
    assert coordinator.inviting.list() == ()
    with pytest.raises(UnknownRecordError):
        coordinator.inviting.look(made.id)


def test_the_new_phone_of_another_role_than_promised_is_refused(town, coordinator, waiting):
    found, phone = comparing(town, coordinator)
    coordinator.inviting.compared(found.id, same=True)
    waiting.invitations[found.id] = invitation_from_uri(invited_uri(coordinator, found.id))
    waiting.approve(pending_of(waiting), role=str(Role.PROVIDER_STAFF))
    with pytest.raises(EnrolmentRefusedError):
        phone.enrolment.poll()
