"""Lies about what was handed in: thanked for and forgotten, refused, or answered with something
else's receipt."""

from attrs import evolve

from protocols.messages import Receipt
from tests.hostile.catalogue import Round, attack
from tests.hostile.hostile_server import Reply
from tests.hostile.lying import SUBMIT, at, changing, instead, refusing
from tests.hostile.town import FIRST, FIRST_PHONE, WORKER
from tests.mobile.fake_log import FakeLog


@attack("log_fork", keeps=False, proven=True)
def thanked_and_forgotten(stage):
    """A true receipt, signed, and nothing of it in the log that everybody else is shown."""
    forgotten = stage.operator.twin()
    yield Round(WORKER, (at(SUBMIT, lambda request, _: forgotten.serve(request)),))
    # Only a server that still has what it signed for can be followed.
    stage.operator = forgotten


@attack("bad_receipt")
def empty_receipt(stage):
    """Known already, says the server, and proves nothing."""
    note = stage.operator.log().checkpoint()
    nothing = Reply(200).saying(Receipt((), note, duplicate=True))
    yield Round(WORKER, (instead(SUBMIT, nothing),))


@attack("bad_receipt")
def anothers_receipt(stage):
    """The receipt of what was sent an hour ago."""
    log = stage.operator.log()
    other = Reply(201).saying(Receipt((log.logged(0), log.logged(1)), log.checkpoint(), False))
    yield Round(WORKER, (instead(SUBMIT, other),))


@attack("unknown_server")
def receipt_signed_by_nobody(stage):
    """A receipt under a key that the server made for itself."""

    def forged(receipt):
        log = FakeLog(stage.operator.origin, stage.intruder.key, stage.operator.leaves())
        logged = tuple(log.logged(each.index) for each in receipt.events)
        return Receipt(logged, log.checkpoint(), receipt.duplicate)

    yield Round(WORKER, (changing(SUBMIT, Receipt, forged),))


@attack(harmless="whether it is a repeat decides nothing: the receipt's proof does", keeps=False)
def false_duplicate(stage):
    """Called a repeat, though it came for the first time."""
    lie = changing(SUBMIT, Receipt, lambda found: evolve(found, duplicate=not found.duplicate))
    yield Round(WORKER, (lie,))


@attack("wrong_role", keeps=False)
def refuses_one_referral(stage):
    """The server serves everything but one referral's submission, which it says is not allowed."""
    yield Round(WORKER, (refusing(SUBMIT, 403, "wrong_role"),))


@attack("step_refused", keeps=False)
def refuses_as_impossible(stage):
    """A new referral, says the server, is against the rules."""
    yield Round(WORKER, (refusing(SUBMIT, 409, "step_refused"),))


def accepted_once(stage):
    kinds = [each.kind for each in stage.first.inbox.get(stage.new).timeline]
    assert kinds.count("accepted") == 1
    assert stage.coordinator.coordination.get(stage.new).accepted_by == FIRST


@attack("already_accepted", keeps=False, check=accepted_once)
def says_another_accepted(stage):
    """The shelter accepts; another did so before, says the server, and it is not true."""
    stage.deliver()
    stage.first.sync()
    stage.first.inbox.open(stage.new)
    stage.first.sync()
    stage.first.inbox.accept(stage.new)
    lie = refusing(SUBMIT, 409, "already_accepted", provider="demo-mens-shelter-medenine")
    yield Round(FIRST_PHONE, (lie,))


@attack("unknown_referral", keeps=False)
def says_it_never_heard_of_it(stage):
    """The next step of a referral that the log holds: unknown, says the server."""
    stage.deliver()
    stage.first.sync()
    stage.first.inbox.open(stage.new)
    yield Round(FIRST_PHONE, (refusing(SUBMIT, 404, "unknown_referral"),))


@attack("revoked")
def says_the_phone_is_revoked(stage):
    """Everything is refused: this phone was revoked, says the server, with no word of who did."""
    lie = refusing(r"/v1/.*", 403, "revoked")
    yield Round(WORKER, (lie,))
    yield Round(FIRST_PHONE, (lie,))


@attack("server_trouble")
def never_able(stage):
    """Come back in a hundred years."""
    later = Reply(503).with_header("Retry-After", "3153600000")
    yield Round(WORKER, (instead(r"/v1/.*", later),))
