"""Whatever anybody tries, in whatever order, the lifecycle's promises hold."""

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from protocols.referral.arrows import ARROWS, FINAL, State
from protocols.referral.lifecycle import (
    RESPOND_WITHIN,
    RULES,
    Referral,
    Step,
    StepRefusedError,
    apply,
    next_server_step,
)

PROVIDERS = ("demo-a", "demo-b", "demo-c")
ORGANISATIONS = (*PROVIDERS, "demo-sender", "demo-stranger", None)
ROLES = ("field_worker", "provider_staff", "server", "coordinator")
T0 = datetime(2026, 1, 1, tzinfo=UTC)


class Life(RuleBasedStateMachine):
    """One referral under a storm of steps, allowed or not."""

    def __init__(self) -> None:
        super().__init__()
        self.now = T0
        self.taken: list[Step] = []

    @initialize(
        shortlist=st.lists(st.sampled_from(PROVIDERS), min_size=1, unique=True),
        minutes=st.sampled_from(RESPOND_WITHIN),
    )
    def submit(self, shortlist: list[str], minutes: int) -> None:
        first = Step(
            kind="submitted",
            actor="worker",
            role="field_worker",
            organisation="demo-sender",
            at=self.now,
            shortlist=tuple(shortlist),
            respond_within=minutes,
        )
        self.referral: Referral = apply(None, first)

    @rule(
        kind=st.sampled_from([*ARROWS, "teleported"]),
        role=st.sampled_from(ROLES),
        organisation=st.sampled_from(ORGANISATIONS),
        provider=st.sampled_from((*PROVIDERS, None)),
        actor=st.sampled_from(("x", "y")),
        reason=st.sampled_from((None, "no_places", "Not A Code")),
    )
    def anybody_tries_anything(
        self,
        kind: str,
        role: str,
        organisation: str | None,
        provider: str | None,
        actor: str,
        reason: str | None,
    ) -> None:
        self.attempt(
            Step(
                kind=kind,
                actor=actor,
                role=role,
                organisation=organisation,
                provider=provider,
                reason=reason,
                at=self.now,
            )
        )

    @rule(
        kind=st.sampled_from(
            [
                "opened",
                "accepted",
                "declined",
                "asked",
                "unreadable",
                "resealed",
                "in_service",
                "closed",
            ]
        ),
        actor=st.sampled_from(("staff", "colleague")),
    )
    def the_recipient_acts(self, kind: str, actor: str) -> None:
        held = self.referral.offered_to
        self.attempt(
            Step(
                kind=kind,
                actor=actor,
                role="provider_staff",
                organisation=held,
                provider=held if kind == "resealed" else None,
                reason="no_places",
                at=self.now,
            )
        )

    @rule()
    def the_sender_seals_it_anew(self) -> None:
        self.attempt(
            Step(
                kind="resealed",
                actor="worker",
                role="field_worker",
                organisation="demo-sender",
                provider=self.referral.offered_to,
                at=self.now,
            )
        )

    @rule()
    def the_server_does_its_duty(self) -> None:
        if todo := next_server_step(self.referral, self.now):
            before = self.referral
            self.attempt(
                Step(
                    kind=todo.kind,
                    actor="server",
                    role="server",
                    provider=todo.provider,
                    at=self.now,
                )
            )
            assert self.referral != before

    @rule(minutes=st.sampled_from((1, 59, 60, 239, 4320)))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def attempt(self, step: Step) -> None:
        before = self.referral
        try:
            self.referral = apply(before, step)
        except StepRefusedError as refusal:
            assert refusal.rule in RULES
            return
        assert self.referral.state is ARROWS[step.kind].moves[before.state]
        assert before.state not in FINAL or step.kind == "feedback"
        self.taken.append(step)

    @invariant()
    def nobody_is_offered_it_twice(self) -> None:
        offers = [step.provider for step in self.taken if step.kind == "offered"]
        assert len(offers) == len(set(offers))
        declined = [step.organisation for step in self.taken if step.kind == "declined"]
        assert len(declined) == len(set(declined))

    @invariant()
    def one_acceptance_in_time(self) -> None:
        winners = [step for step in self.taken if step.kind == "accepted"]
        assert len(winners) <= 1
        assert [each.organisation for each in winners] == (
            [self.referral.accepted_by] if self.referral.accepted_by else []
        )

    @invariant()
    def a_case_is_sealed_anew_by_who_opened_it_or_was_asked_and_for_who_holds_it_only(self) -> None:
        opened: set[str] = set()
        asking: set[str] = set()
        for step in self.taken:
            if step.kind == "offered":
                holder, opened, asking = step.provider, set(), set()
            elif step.kind == "opened":
                opened.add(step.actor)
                asking.discard(step.actor)
            elif step.kind == "unreadable":
                asking.add(step.actor)
            elif step.kind == "resealed":
                assert step.provider == holder
                own = step.role == "provider_staff"
                assert step.actor in opened if own else asking
                asking = set()
        if self.referral.offered_to is not None:
            assert set(self.referral.unreadable_to) == asking
            assert set(self.referral.opened_by) == opened
        else:
            assert not self.referral.unreadable_to

    @invariant()
    def a_withdrawal_is_the_senders_and_the_end(self) -> None:
        kinds = [step.kind for step in self.taken]
        if "withdrawn" in kinds:
            assert self.referral.state is State.WITHDRAWN
            assert kinds[-1] == "withdrawn"

    @invariant()
    def the_server_alone_brings_an_unanswered_offer_to_an_end(self) -> None:
        referral, now = self.referral, self.now
        for _ in range(2 * len(PROVIDERS) + 2):
            todo = next_server_step(referral, now)
            if todo is None:
                now = max(now, referral.deadline or now)
                todo = next_server_step(referral, now)
            if todo is None:
                break
            referral = apply(
                referral,
                Step(kind=todo.kind, actor="s", role="server", provider=todo.provider, at=now),
            )
        held = {State.ACCEPTED, State.IN_SERVICE, State.HANDED_OVER}
        assert referral.state in FINAL | held

    @invariant()
    def the_sender_can_withdraw_until_it_has_ended(self) -> None:
        step = Step(
            kind="withdrawn",
            actor="w",
            role="field_worker",
            organisation="demo-sender",
            at=self.now,
        )
        if not self.referral.ended:
            assert apply(self.referral, step).state is State.WITHDRAWN


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
