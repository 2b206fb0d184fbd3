"""Lies about time: the server's clock, the times at which it says that it received things."""

from datetime import timedelta

from protocols.plain import format_time
from protocols.timeline.event import Kind
from tests.hostile.catalogue import Round, attack
from tests.hostile.hostile_server import Reply
from tests.hostile.lying import at, refusing
from tests.hostile.town import FALLBACK, FIRST, FIRST_PHONE, WORKER
from tests.mobile.town import desk_of


@attack(
    harmless="no date in an answer's head is ever read",
    keeps=False,
)
def false_date(stage):
    """The date that HTTP answers carry is a thousand years off."""

    def dated(_, honest) -> Reply:
        reply = honest().with_header("Date", "Fri, 01 Jan 3026 00:00:00 GMT")
        return reply.with_header("Expires", "Thu, 01 Jan 1970 00:00:00 GMT").with_header(
            "Age", "-1"
        )

    yield Round(WORKER, (at(r"/v1/.*", dated),))


@attack("stale_request")
def never_fresh_enough(stage):
    """Every request is too old, says the server, and tells another time at each try."""
    for days in (2, -2, 400):
        told = format_time(stage.in_future(days=days))
        yield Round(WORKER, (refusing(r"/v1/.*", 401, "stale_request", server_time=told),))


@attack("garbled_answer")
def impossible_clock(stage):
    """A time that no clock shows."""
    for told in ("0001-01-01T00:00:00Z", "9998-12-31T23:59:59Z", "yesterday"):
        yield Round(WORKER, (refusing(r"/v1/.*", 401, "stale_request", server_time=told),))


def keys_are_there(stage):
    """The phone's own keys outlived the server's mistaken date."""
    for phone in (stage.worker, stage.first):
        assert desk_of(phone).keyring.sealing()
    assert stage.first.inbox.open(stage.known).content


@attack("clock_wrong", keeps=False, check=keys_are_there)
def server_clock_ahead(stage):
    """The server's own clock runs two hours ahead, and with it all that it says and signs."""
    stage.deliver()
    clock, ahead = stage.operator.clock, timedelta(hours=2)
    stage.operator.clock = lambda: clock() + ahead
    yield Round(FIRST_PHONE, ())
    ahead = timedelta(0)


@attack("timeline_unproven", keeps=False, spoilt=True)
def received_before_it_happened(stage):
    """A step is entered with a time before that of the step it follows."""
    stage.deliver()
    key = desk_of(stage.first).keyring.signing
    stage.operator.write_event(
        stage.known,
        Kind.DECLINED,
        key=key,
        provider=FIRST,
        reason="no_places",
        received=stage.in_future(hours=-2),
    )
    yield Round(WORKER, ())


@attack("timeline_unproven", keeps=False, spoilt=True)
def received_in_the_far_future(stage):
    """A step is entered as of a year in which nobody's certificate holds."""
    stage.deliver()
    stage.operator.write_event(
        stage.known, Kind.EXPIRED, provider=FIRST, received=stage.in_future(days=3000)
    )
    yield Round(WORKER, ())


@attack("timeline_unproven", keeps=False, spoilt=True)
def deadline_that_never_came(stage):
    """The offer lapsed, says the server hours before it does, and passes the person on."""
    stage.deliver()
    stage.operator.write_event(stage.known, Kind.EXPIRED, provider=FIRST)
    yield Round(WORKER, ())


@attack("timeline_unproven", keeps=False, spoilt=True)
def offered_out_of_turn(stage):
    """The server offers the referral to whom it likes, over the head of who has it."""
    stage.deliver()
    stage.operator.write_event(stage.known, Kind.OFFERED, provider=FALLBACK)
    yield Round(WORKER, ())
