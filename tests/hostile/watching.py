"""What must hold of every attack: noticed, told in plain words, nothing leaked, nothing lost."""

import re
from collections import Counter

import pytest

from mobile.casework.views import SyncReport
from mobile.commands.demonstration import cast
from mobile.commands.demonstration.canaries import search
from mobile.flows.error_words import BY_CODE, UNKNOWN
from mobile.flows.errors import explain, explain_code
from mobile.locale import LANGUAGES, words
from mobile.sync.errors import LogForkError, RefusedError
from protocols.errors import AmanaError
from protocols.messages import Submission
from protocols.plain import from_json
from protocols.sealing.age import NoMatchError, decrypt
from protocols.timeline.event import Kind
from tests.hostile.catalogue import Attack, Round
from tests.hostile.hostile_server import Request
from tests.hostile.town import (
    COORDINATOR,
    FALLBACK_PHONE,
    FIRST_PHONE,
    SECRETS,
    WORKER,
    Stage,
    sync_all,
)
from tests.mobile.lies import event_in, kept
from tests.mobile.town import desk_of

ADDRESSES = re.compile(
    r"GET /v1/programme|POST /v1/enrolments|GET /v1/enrolments/[a-z2-7]+"
    r"|POST /v1/enrolments/[a-z2-7]+/opening|GET /v1/directory/TN"
    r"|GET /v1/checklists/[0-9a-f]{64}|POST /v1/sealing-keys|POST /v1/capacity|POST /v1/referrals"
    r"|POST /v1/referrals/[a-z2-7]{26}/events|GET /v1/referrals/[a-z2-7]{26}/timeline"
    r"|GET /v1/sync/TN|GET /v1/log/TN/(consistency|witnessed|export)|POST /v1/log/TN/cosignatures"
)
"""What an honest sync asks for, and nothing else."""
QUERIES = {"after", "known", "limit", "first", "second", "size"}
SAME_FOR_ALL = {
    "connection": "keep-alive",
    "user-agent": "amana",
    "accept-encoding": "identity",
}
BY_REQUEST = {
    "host",
    "accept",
    "content-type",
    "content-digest",
    "content-length",
    "signature-input",
    "signature",
    "if-none-match",
}
JARGON = {
    "en": r"hash|certificate|json|https?|proof|checkpoint|log\b|cursor|byte|directory"
    r"|protocol|key id|encrypt|timeline|envelope",
    "fr": r"hachage|certificat|json|https?|preuve|point de contrôle|journal\b|octet"
    r"|protocole|chiffr|enveloppe",
    "ar": r"تجزئة|شهادة|بروتوكول|بايت|إثبات|تشفير|ظرف|[A-Za-z]",
}
"""Words that nobody who works in the field should need."""
LEAST_WORDS = 8


def outcome(stage: Stage, round_: Round, phone) -> tuple[tuple[str, ...], AmanaError | None]:
    """The codes that came of the round, and the error if it ended in one."""
    try:
        result = round_.act(stage, phone)
    except AmanaError as error:
        code = error.problem.code if isinstance(error, RefusedError) else error.code
        return (code,), error
    problems = result.problems if isinstance(result, SyncReport) else ()
    return tuple(each.code for each in problems), None


def play_round(attack: Attack, stage: Stage, round_: Round) -> None:
    """One round, with everything that must hold of it at once."""
    phone, says = stage.phone(round_.victim), round_.says or attack.says
    before = vault_of(phone)
    stage.server.forget()
    stage.server.tell(*round_.lies)
    codes, error = outcome(stage, round_, phone)
    stage.server.be_honest()
    sent = list(stage.server.seen)
    assert (says in codes) if says else not codes, (attack.name, codes, error)
    if attack.keeps:
        assert vault_of(phone) == before, f"{attack.name}: something of the lie was kept"
    leaks_nothing(attack, stage, phone, sent)
    stage.sent += sent
    if says:
        tells(says, error)


def vault_of(phone):
    """All that came from the server and counts as true."""
    trusted = desk_of(phone).vault.items("trust-root")
    return kept(phone) | {"trust-root": trusted, "identity": phone.identity}


def leaks_nothing(attack: Attack, stage: Stage, phone, sent: list[Request]) -> None:
    """Only what an honest exchange takes went out, to this server only, and not in a storm."""
    assert stage.town.elsewhere.called == [], "another host was called"
    assert len(sent) <= attack.requests, f"{len(sent)} requests"
    most = max(Counter((each.method, each.path, each.body) for each in sent).values(), default=0)
    assert most <= 4, "one request over and over"
    for each in sent:
        assert ADDRESSES.fullmatch(f"{each.method} {each.path}"), each.path
        assert set(each.query) <= QUERIES
        assert all(text.isdecimal() for text in each.query.values())
        for name, text in each.headers:
            assert SAME_FOR_ALL.get(name.lower(), text) == text, (name, text)
            assert name.lower() in {*SAME_FOR_ALL, *BY_REQUEST}, name
        assert each.header("host") == stage.server.url.removeprefix("http://")
        assert search(SECRETS, each.raw, "the wire") == ()
        unsigned = each.path == "/v1/programme"
        assert unsigned or each.header("signature"), "who asks is not said, or not only by that"


def sealed_for_nobody_else(stage: Stage) -> None:
    """No envelope that ever left can be opened with the attacker's own keys."""
    for each in stage.sent:
        if each.method == "POST" and "/referrals" in each.path:
            for part in from_json(each.body, Submission).envelopes:
                try:
                    decrypt(part.data, list(stage.intruder.identities))
                except NoMatchError:
                    continue
                raise AssertionError("an envelope was sealed to the attacker's key")


def tells(code: str, error: AmanaError | None) -> None:
    """The words for `code` name what happened and what to do, without the trade's words."""
    assert code in BY_CODE, f"{code} has no words of its own"
    for language in LANGUAGES:
        say = words(language)
        text = explain(say, error) if error is not None else explain_code(say, code)
        assert text == say(BY_CODE[code])
        assert say(UNKNOWN) not in text
        assert BY_CODE["hostile_answer"] != BY_CODE[code], f"{code} has only general words"
        headline, *rest = re.split(r"(?<=[.!?؟])\s+", text)
        assert rest, f"{code}: {language}: what to do is not said"
        assert not re.search(JARGON[language], headline, re.IGNORECASE), (language, headline)
        assert len(text.split()) >= LEAST_WORDS
        assert language == "en" or text != words("en")(BY_CODE[code]), f"{code}: not in {language}"


def goes_on(attack: Attack, stage: Stage, victims: set[str]) -> None:
    """The server is honest again: what waited leaves once, what was hidden comes, all is proven."""
    parted = victims if attack.parted else set()
    concerned = {WORKER, FIRST_PHONE, COORDINATOR} | (victims & {FALLBACK_PHONE})
    everybody = [each.name for each in cast.EVERYBODY if each.name in concerned - parted]
    sync_all([stage.phone(each) for each in everybody])
    assert [each for each in stage.worker.outbox.items() if each.state == "waiting"] == []
    held = stage.coordinator.coordination
    for referral in (stage.known, stage.new):
        spoilt = attack.spoilt and referral == stage.known
        for view in (held.get(referral), stage.worker.referrals.get(referral)):
            assert view.verified != spoilt, view.fault
        if not spoilt:
            once_in_the_log(stage, referral)
    if not (parted or attack.aged):
        case = stage.first.inbox.open(stage.new).content
        assert case["identity"]["name"] == cast.NAME
    for each in victims & set(everybody):
        report = stage.phone(each).sync(hurry=True)
        told = {problem.code for problem in report.problems}
        forked = desk_of(stage.phone(each)).ledger.fork is not None
        standing = {"log_fork": forked, "timeline_unproven": attack.spoilt}
        assert told == {code for code, stands in standing.items() if stands}
    for each in parted:
        with pytest.raises(LogForkError):
            stage.phone(each).sync(hurry=True)


def once_in_the_log(stage: Stage, referral: str) -> None:
    """The steps of a referral are there, each once, and it was submitted once."""
    leaves = [event_in(each) for each in stage.operator.leaves()]
    steps = [each for each in leaves if each.referral == referral]
    assert [each.sequence for each in steps] == list(range(len(steps)))
    assert [each.kind for each in steps].count(Kind.SUBMITTED) == 1


def stays_refused(stage: Stage, phone) -> None:
    """Two signed histories that contradict each other are kept as they came."""
    fork = desk_of(phone).ledger.fork
    assert fork is not None
    assert fork.kept != fork.offered
    for note in (fork.kept, fork.offered):
        assert note.startswith(stage.operator.origin)
