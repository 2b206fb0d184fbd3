"""docs/protocol.md against docs/vectors: a second implementation reads every one of them alike."""

import ast
import json
from datetime import timedelta
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from .second import (
    age,
    enrolment,
    envelope,
    export,
    log,
    padding,
    plain,
    requests,
    statements,
    trust,
)
from .second.lifecycle import Case
from .second.plain import RefusedError

FILES = Path(__file__).parents[2] / "docs" / "vectors"


def vectors(name: str) -> dict:
    return json.loads((FILES / f"{name}.json").read_text(encoding="utf-8"))


def code_of(task, *arguments) -> str | None:
    try:
        task(*arguments)
    except RefusedError as refused:
        return refused.code
    return None


def named(entries: list) -> list:
    return [pytest.param(each, id=each["name"]) for each in entries]


def test_it_shares_no_line_with_amana() -> None:
    for path in (Path(__file__).parent / "second").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [each.name for each in getattr(node, "names", [])]
            module = getattr(node, "module", None) or ""
            assert not any(
                each.split(".")[0] in ("protocols", "backend", "mobile", "tools")
                for each in (*names, module)
            ), path.name


@pytest.mark.parametrize("each", named(vectors("plain")["objects"]))
def test_objects(each: dict) -> None:
    def task() -> None:
        plain.fields(plain.read(each["json"].encode()), flag=bool, number=int, text=str)

    assert (code_of(task) is None) == each["valid"]


def test_times_and_base64() -> None:
    for each in vectors("plain")["times"]:
        assert (code_of(plain.moment, each["text"]) is None) == each["valid"], each
    for each in vectors("plain")["base64"]:
        if each["valid"]:
            assert plain.unbase64(each["text"]).hex() == each["hex"]
        else:
            assert code_of(plain.unbase64, each["text"]), each


def test_keys_encoding_and_root() -> None:
    file = vectors("statements")
    for each in file["keys"]:
        assert statements.key_id(bytes.fromhex(each["public"])) == each["keyid"]
    told = file["encoding"]
    payload = plain.unbase64(told["payload"])
    assert statements.encoding(told["payload_type"], payload).hex() == told["pae"]
    statement = {"payloadType": told["payload_type"], "payload": told["payload"]}
    assert statements.digest(statement) == told["digest"]
    assert trust.fingerprint(file["root"]["json"]) == file["root"]["fingerprint"]


@pytest.mark.parametrize("each", named(vectors("statements")["statements"]))
def test_statements(each: dict) -> None:
    keys = [bytes.fromhex(key) for key in each["keys"]]
    given = (each["statement"], keys, each["threshold"], each["payload_type"])
    assert code_of(statements.opened, *given) == each["error"]


@pytest.mark.parametrize("each", named(vectors("trust")["stores"]))
def test_trust(each: dict) -> None:
    pinned = vectors("statements")["root"]["json"]
    known = vectors("trust")["statements"]
    given = [known[place] for place in each["statements"]]
    assert code_of(trust.Store, pinned, given) == each["error"]
    for asked in each["asked"]:
        store = trust.Store(pinned, given)
        told = code_of(store.device, asked["subject"], plain.moment(asked["at"]))
        assert told == asked["error"], asked


@pytest.mark.parametrize("each", named(vectors("requests")["bases"]))
def test_signature_bases(each: dict) -> None:
    assert requests.base_of(each["request"]).decode() == each["base"]


@pytest.mark.parametrize("each", named(vectors("requests")["requests"]))
def test_requests(each: dict) -> None:
    assert code_of(requests.accept, each) == each["error"]


def test_padding() -> None:
    for each in vectors("padding")["sizes"]:
        assert padding.size_of(each["length"]) == each["padded"], each
    for each in vectors("padding")["padded"]:
        data = bytes.fromhex(each["hex"])
        if each["inside"] is None:
            assert code_of(padding.inside, data), each
        else:
            assert padding.inside(data).hex() == each["inside"], each


@pytest.mark.parametrize("each", named(vectors("sealed")["files"]))
def test_sealed_files(each: dict) -> None:
    data = plain.unbase64(each["file"])
    if each["inside"] is None:
        assert code_of(age.open_file, data, each["identity"])
    else:
        assert padding.inside(age.open_file(data, each["identity"])).hex() == each["inside"]


@pytest.mark.parametrize("each", named(vectors("envelopes")["envelopes"]))
def test_envelopes(each: dict) -> None:
    file, known = vectors("envelopes"), vectors("trust")
    given = [known["statements"][place] for place in known["stores"][0]["statements"]]
    store = trust.Store(vectors("statements")["root"]["json"], given)

    def take() -> dict:
        return envelope.take(
            plain.unbase64(each["file"]),
            file["identity"],
            store=store,
            me=each["me"],
            referral=each["referral"],
            now=plain.moment(file["now"]),
        )

    assert code_of(take) == each["error"]
    if each["error"] is None:
        payload = take()
        assert (payload["sender"], payload["content"]) == (each["sender"], each["content"])


def test_enrolment() -> None:
    file = vectors("enrolment")
    invited = enrolment.invitation_of(file["uri"])
    assert invited.pop("v") == "2"
    assert invited == file["invitation"]
    public = bytes(SigningKey(bytes.fromhex(file["device_seed"])).verify_key)
    sealing = statements.digest(file["sealing_key"])
    named = [invited["id"].encode(), public, sealing.encode(), file["label"].encode()]
    keys = enrolment.Keys(plain.unbase64(invited["secret"]), *named)
    r_d, r_c = bytes.fromhex(file["r_d"]), bytes.fromhex(file["r_c"])
    commitment = keys.commitment(r_d)
    transcript = keys.transcript(commitment)
    assert commitment.hex() == file["commitment"]
    assert transcript.hex() == file["transcript"]
    assert keys.proof(transcript).hex() == file["proof"]
    assert keys.short_code(transcript, r_d, r_c) == file["short_code"]
    assert keys.file_code(transcript) == file["file_code"]
    for each in file["others"]:
        keys.named = (*named[:3], each["label"].encode())
        number = bytes.fromhex(each["hex"])
        holds = len(number) == 32 and keys.commitment(number) == commitment
        assert holds == each["opens"], each


@pytest.mark.parametrize("name", ["contribution", "endorsement"])
def test_what_the_inviting_side_signs(name: str) -> None:
    file = vectors("enrolment")
    coordinator = vectors("log")["cosignatures"][0]["public"]
    kind = f"application/vnd.amana.enrolment-{name}.v1+json"
    payload = plain.read(statements.opened(file[name], [bytes.fromhex(coordinator)], 1, kind))
    assert payload["invitation"] == file["invitation"]["id"]
    assert payload["device"] == statements.key_id(
        bytes(SigningKey(bytes.fromhex(file["device_seed"])).verify_key)
    )


@pytest.mark.parametrize("story", named(vectors("lifecycle")["stories"]))
def test_lifecycle(story: dict) -> None:
    case = Case()
    for each in story["steps"]:
        step = each["step"]
        assert case.rule_against(step) == each["rule"], step
        if each["rule"] is not None:
            continue
        case.take(step)
        at = plain.moment(step["at"])
        deadline = each["deadline"] and plain.moment(each["deadline"])
        assert (case.state, case.deadline) == (each["state"], deadline), step
        assert case.owed(at) == each["next"], step
        assert case.owed(at + timedelta(hours=2)) == each["late"], step


def test_tree() -> None:
    file = vectors("log")
    hashes = [log.leaf_hash(plain.unbase64(each)) for each in file["leaves"]]
    assert [each.hex() for each in hashes] == file["leaf_hashes"]
    roots = [log.root(hashes[:size]) for size in range(len(hashes) + 1)]
    assert [each.hex() for each in roots] == file["roots"]
    for each in file["inclusion"]:
        proof = [bytes.fromhex(item) for item in each["proof"]]
        leaf, index, size = hashes[each["index"]], each["index"], each["size"]
        assert log.proven_root(leaf, index, size, proof) == roots[size], each
    for each in file["consistency"]:
        first, second = each["first"], each["second"]
        proof = [bytes.fromhex(item) for item in each["proof"]]
        log.check_consistency(first, second, proof, roots[first], roots[second])
        for altered in ([bytes(32), *proof], proof[1:], [*proof[:-1], bytes(32)]):
            if altered != proof:
                given = (first, second, altered, roots[first], roots[second])
                assert code_of(log.check_consistency, *given), each


def test_checkpoint() -> None:
    file = vectors("log")
    told, size = file["checkpoint"], len(file["leaves"])
    public = bytes.fromhex(told["public"])
    found = log.checkpoint(told["note"], told["origin"], public)
    assert found == (size, bytes.fromhex(file["roots"][size]))
    altered = told["note"].replace(f"\n{size}\n", f"\n{size - 1}\n")
    assert code_of(log.checkpoint, altered, told["origin"], public) == "unsigned_checkpoint"
    assert code_of(log.checkpoint, told["note"], told["origin"], bytes(32))


@pytest.mark.parametrize("each", named(vectors("log")["cosignatures"]))
def test_cosignatures(each: dict) -> None:
    given = (each["note"], each["witness"], bytes.fromhex(each["public"]))
    if each["at"] is None:
        assert code_of(log.cosigned_at, *given)
    else:
        assert log.cosigned_at(*given) == plain.moment(each["at"])


@pytest.mark.parametrize("each", named(vectors("export")["alterations"]))
def test_exports(each: dict) -> None:
    whole = vectors("export")["lines"]
    lines = [each["instead"].get(str(place), whole[place]) for place in each["kept"]]
    pinned = vectors("statements")["root"]["json"]
    assert export.holds(lines, pinned) == (each["rules"] == [])
