"""A case sealed on to a colleague: the sender's own signature holds to the end, and nobody but the
provider's staff passes it on, to nobody but the provider."""

from hashlib import sha256
from typing import Any

import pytest
from attrs import evolve

from protocols.errors import MalformedError
from protocols.plain import to_plain
from protocols.sealing.age import NoMatchError
from protocols.sealing.age_x25519 import X25519Identity
from protocols.sealing.certificate import RevokedError
from protocols.sealing.envelope import (
    NotForMeError,
    SenderRoleError,
    WrongReferralError,
    open_envelope,
    seal,
)
from protocols.sealing.sharing import (
    AnotherCaseError,
    Shared,
    as_shared,
    check_shared,
    read_shared,
    share,
)
from protocols.sealing.statement import BadSignatureError, WrongTypeError, sign

BLUE = X25519Identity(b"blue phone's key (fictional)....")
RED = X25519Identity(b"red phone's key (fictional).....")
REFERRAL, OTHER = "a" * 26, "b" * 26
CONTENT = {"identity": {"name": "Demo Person (fictional)"}}
ME = "demo-shelter"


@pytest.fixture(scope="module")
def bench(world, make):
    """A case sealed to the shelter's blue phone, and sealed on by it to the red one."""

    class Bench:
        def case(self, **changes: Any) -> bytes:
            fields: dict[str, Any] = {
                "content": CONTENT,
                "referral": REFERRAL,
                "sender_key": world.worker,
                "recipients": (ME,),
                "purpose": "referral",
                "consent": "c" * 64,
                "age_recipients": [BLUE.recipient],
                "now": make.NOW,
                "entropy": make.entropy(),
            }
            fields.update(changes)
            return seal(fields.pop("content"), **fields)

        def opened(self, data: bytes, identity=BLUE, **changes: Any):
            fields: dict[str, Any] = {
                "trust": world.store(),
                "referral": REFERRAL,
                "me": ME,
                "now": make.NOW,
            }
            return open_envelope(data, [identity], **{**fields, **changes})

        def shared(self, **changes: Any) -> Shared:
            data = self.case(**changes)
            read = {"me": changes["recipients"][0]} if "recipients" in changes else {}
            read |= {"referral": changes["referral"]} if "referral" in changes else {}
            return as_shared(sha256(data).hexdigest(), self.opened(data, **read).statement)

        def share(self, shared: Shared, **changes: Any) -> bytes:
            fields: dict[str, Any] = {
                "referral": REFERRAL,
                "provider": ME,
                "consent": "c" * 64,
                "key": world.shelter,
                "devices": (make.keyid(world.shelter), make.keyid(world.colleague)),
                "age_recipients": [RED.recipient],
                "now": make.NOW,
                "entropy": make.entropy(),
            }
            return share(shared, **{**fields, **changes})

        def read(self, data: bytes, **changes: Any):
            outer = self.opened(data, RED)
            shared = read_shared(outer, ME)
            fields: dict[str, Any] = {"trust": world.store(), "me": ME, "now": make.NOW}
            return shared, check_shared(outer, shared, **{**fields, **changes})

    return Bench()


def test_the_colleague_reads_what_the_sender_signed(bench, world, make) -> None:
    data = bench.case()
    first = bench.opened(data)
    passed_on = as_shared(sha256(data).hexdigest(), first.statement)
    shared, case = bench.read(bench.share(passed_on))
    assert case == first
    assert case.sender == world.certificates["worker"]
    assert shared.envelope == sha256(data).hexdigest()
    outer = bench.opened(bench.share(passed_on), RED).payload
    assert outer.devices == (make.keyid(world.shelter), make.keyid(world.colleague))
    with pytest.raises(NoMatchError):
        bench.opened(bench.share(passed_on))


def test_it_can_be_passed_on_again_by_whoever_got_it_so(bench) -> None:
    once, case = bench.read(bench.share(bench.shared()))
    twice, again = bench.read(bench.share(as_shared(once.envelope, case.statement)))
    assert (twice, again) == (once, case)


@pytest.mark.parametrize("who", ["worker", "clinic", "coordinator"])
def test_nobody_but_the_providers_own_staff_passes_a_case_on(bench, world, who: str) -> None:
    with pytest.raises(SenderRoleError):
        bench.read(bench.share(bench.shared(), key=getattr(world, who)))


def test_staff_of_another_provider_cannot_name_itself_beside_the_provider(bench, world, make):
    both = seal(
        to_plain(bench.shared()),
        referral=REFERRAL,
        sender_key=world.clinic,
        recipients=[ME, "demo-clinic"],
        purpose="share",
        consent="c" * 64,
        age_recipients=[RED.recipient],
        now=make.NOW,
        entropy=make.entropy(),
    )
    with pytest.raises(SenderRoleError):
        bench.read(both)


def test_a_revoked_colleague_passes_nothing_on(bench, world) -> None:
    data = bench.share(bench.shared())
    with pytest.raises(RevokedError):
        bench.opened(data, RED, trust=world.store(world.revoke("shelter")))


def test_a_case_of_a_sender_that_was_not_to_be_trusted_then_is_refused(bench, world, make) -> None:
    trust = world.store(world.revoke("worker", make.NOW))
    data = bench.share(bench.shared())
    assert bench.read(data, trust=trust, now=make.NOW - make.DAY)[1].payload.content == CONTENT
    with pytest.raises(RevokedError):
        bench.read(data, trust=trust)


def test_a_colleague_cannot_make_a_case_up_or_change_it(bench, world) -> None:
    shared = bench.shared()
    changed = shared.case.payload.replace(b"Demo Person", b"Dema Person")
    for made in (
        evolve(shared.case, payload=changed),
        sign(shared.case.payloadType, shared.case.payload, world.shelter),
    ):
        with pytest.raises(BadSignatureError):
            bench.read(bench.share(evolve(shared, case=made)))


def test_a_case_for_another_referral_or_provider_or_under_another_consent_is_refused(bench) -> None:
    with pytest.raises(WrongReferralError):
        bench.read(bench.share(bench.shared(referral=OTHER)))
    with pytest.raises(NotForMeError):
        bench.read(bench.share(bench.shared(recipients=("demo-clinic",))))
    with pytest.raises(AnotherCaseError):
        bench.read(bench.share(bench.shared(consent="d" * 64)))


def test_only_a_case_is_sealed_on(bench, world) -> None:
    message = bench.case(purpose="question", consent=None)
    statement = bench.opened(message).statement
    with pytest.raises(MalformedError):
        as_shared("0" * 64, statement)
    with pytest.raises(WrongTypeError):
        bench.read(bench.share(Shared("0" * 64, statement)))
    with pytest.raises(WrongTypeError):
        read_shared(bench.opened(bench.case()), ME)
    garbled = bench.case(sender_key=world.shelter, purpose="share", content={"case": "none"})
    with pytest.raises(MalformedError):
        read_shared(bench.opened(garbled), ME)
