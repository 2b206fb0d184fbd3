"""Section "Export": whether an audit finds anything wrong at all."""

import json
from datetime import timedelta

from .lifecycle import Case
from .log import checkpoint, leaf_hash, root
from .plain import RefusedError, moment, read, unbase64
from .statements import digest, opened
from .trust import Store, fingerprint

SNAPSHOT = "application/vnd.amana.snapshot.v1+json"
EVENT = "application/vnd.amana.event.v1+json"
SLACK = timedelta(minutes=5)


def holds(lines: list[str], pinned: dict) -> bool:
    """Whether the whole file holds."""
    try:
        _judge([read(each.encode()) for each in lines], pinned)
    except (RefusedError, KeyError, TypeError, IndexError):
        return False
    return True


def _need(good: bool, why: str) -> None:
    if not good:
        raise RefusedError(why)


def _judge(lines: list[dict], pinned: dict) -> None:
    header, directory, *middle, last = lines
    country = header["country"]
    _need(header["type"] == "header" and last["type"] == "checkpoint", "form")
    certificates = [each["statement"] for each in middle if each["type"] == "certificate"]
    leaves = [each for each in middle if each["type"] == "leaf"]
    _need(middle == middle[: len(certificates)] + leaves, "order")
    store = Store(pinned, certificates)
    exported = moment(header["exported"])
    _directory(store, directory["statement"], certificates, country=country, exported=exported)
    _need([each["index"] for each in leaves] == list(range(len(leaves))), "index")
    data = [unbase64(each["data"]) for each in leaves]
    _replay(store, [read(each) for each in data], country)
    programme = pinned["programme"]
    _need(len(fingerprint(pinned)) == 64 and bool(programme), "root")
    _checkpoint(store, last["note"], header, data, exported=exported)


def _directory(store: Store, statement: dict, certificates: list, **told: object) -> None:
    payload = json.loads(unbase64(statement["payload"]))
    _need(payload["country"] == told["country"], "country")
    _need(moment(payload["issued"]) <= told["exported"] < moment(payload["expires"]), "lapsed")
    authority, _ = store.known[f"authority-{payload['country'].lower()}"][0]
    keys = [unbase64(each) for each in authority["keys"]]
    opened(statement, keys, authority["threshold"], SNAPSHOT)
    listed = sorted(json.dumps(each, sort_keys=True) for each in payload["statements"])
    _need(listed == sorted(json.dumps(each, sort_keys=True) for each in certificates), "stripped")


def _replay(store: Store, leaves: list[dict], country: str) -> None:
    cases: dict[str, Case] = {}
    tips: dict[str, tuple[int, str | None]] = {}
    clock = None
    for leaf in leaves:
        received = moment(leaf["received"])
        _need(clock is None or received >= clock, "time_reversed")
        clock = received
        statement = leaf["event"]
        event = read(unbase64(statement["payload"]))
        signer = store.device(event["actor"], received)
        opened(statement, [unbase64(each) for each in signer["keys"]], 1, EVENT)
        _need(event["country"] == country == signer["country"], "wrong_country")
        _need(moment(event["claimed"]) <= received + SLACK, "claimed_in_future")
        sequence, previous = tips.get(event["referral"], (-1, None))
        _need((event["sequence"], event["previous"]) == (sequence + 1, previous), "broken_chain")
        tips[event["referral"]] = (event["sequence"], digest(statement))
        _step(cases.setdefault(event["referral"], Case()), event, signer, leaf["received"])


def _step(case: Case, event: dict, signer: dict, received: str) -> None:
    step = {
        **{name: event[name] for name in ("kind", "actor", "provider", "reason")},
        "role": signer["role"],
        "organisation": signer["organisation"],
        "at": received,
        "shortlist": [each["recipient"] for each in event["envelopes"]]
        if event["kind"] == "submitted"
        else [],
        "respond_within": event["respond_within"],
    }
    rule = case.rule_against(step)
    _need(rule is None, rule or "")
    case.take(step)


def _checkpoint(store: Store, note: str, header: dict, data: list[bytes], **told: object) -> None:
    servers = [
        body
        for known in store.known.values()
        for body, _ in known
        if body["role"] == "server" and body["country"] == header["country"]
    ]
    for server in servers:
        store.device(server["subject"], told["exported"])
        size, top = checkpoint(note, header["origin"], unbase64(server["keys"][0]))
        _need((size, top) == (len(data), root([leaf_hash(each) for each in data])), "wrong_root")
        return
    raise RefusedError("unsigned_checkpoint")
