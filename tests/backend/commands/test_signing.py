"""What a keeper sees is what a keeper signs: any other file shows otherwise, or is refused."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from backend.commands.offices.certifying import (
    device_certificate,
    organisation_certificates,
    server_certificate,
    witness_certificate,
)
from backend.commands.offices.country_data import fictional
from backend.commands.offices.examining import examine
from backend.commands.offices.keepers import KeeperFolder
from backend.commands.offices.proposal import NotAProposalError, Proposal, read_proposal
from backend.commands.offices.telling import Summary, tell
from protocols.errors import AmanaError
from protocols.messages import SNAPSHOT_TYPE, Edition, Snapshot
from protocols.plain import from_json, to_json, to_plain
from protocols.sealing.certificate import (
    CERTIFICATE_TYPE,
    Certificate,
    Revocation,
    Role,
    certify,
    revoke,
)
from protocols.sealing.statement import Statement, sign
from tests.backend.commands.conftest import found_trio, served
from tests.backend.commands.office import INSPECTORATE, SERVER, NewDevice
from tests.backend.commands.trio import PASSPHRASES, Trio

BREAKS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@attrs.define
class Table:
    """A proposal as it lies before keeper 2, and what keeper 2 reads of any file."""

    trio: Trio
    file: Path
    data: bytes

    def read(self, data: bytes) -> Summary:
        home = KeeperFolder(self.trio.home("TN", 2))
        return tell(examine(read_proposal(data), home.read(), home.demand_root(), now()))

    @property
    def proposal(self) -> Proposal:
        return read_proposal(self.data)

    def altered(self, **changes: Any) -> bytes:
        """The proposal with another snapshot inside, that nobody signed as a whole yet."""
        inside = self.proposal.snapshot
        assert inside is not None
        other = attrs.evolve(inside, **changes)
        statement = Statement(SNAPSHOT_TYPE, to_json(other), ())
        return to_json(attrs.evolve(self.proposal, next=statement))

    @property
    def inside(self) -> Snapshot:
        found = self.proposal.snapshot
        assert found is not None
        return found


@pytest.fixture
def table(running: Trio) -> Table:
    file = Path(running.let_in(NewDevice()))
    return Table(running, file, file.read_bytes())


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    """One for all tests that change nothing but the file, which each writes anew."""
    folder = tmp_path_factory.mktemp("seen")
    client = httpx.Client(transport=httpx.WSGITransport(WSGIHandler()), base_url=SERVER)
    with client as http, pytest.MonkeyPatch.context() as monkeypatch:
        trio = found_trio(folder, http)
        with served(trio.folder, http, monkeypatch):
            trio.finish(trio.publish()["proposal"])
            file = Path(trio.let_in(NewDevice()))
        yield Table(trio, file, file.read_bytes())


def test_the_summary_names_the_change_and_nothing_else(seen: Table) -> None:
    shown = seen.read(seen.data)
    told = [each for each in shown.changes if not each.startswith("The office calls")]
    (line,) = told
    assert "as field_worker of demo-labour-inspectorate-tn" in line
    assert shown.number == 2 and "after 1" in shown.heading


def test_where_nothing_changes_that_is_said(running: Trio) -> None:
    told = running.sign(running.publish()["proposal"], 2)["summary"]["changes"]
    assert told[0].startswith("nothing changes")


def test_a_changed_provider_is_told_field_by_field(running: Trio, tmp_path: Path) -> None:
    data = fictional("TN", now())
    first, *others = data.providers
    changed = attrs.evolve(first, capacity=attrs.evolve(first.capacity, free_places=99))
    file = tmp_path / "tn.json"
    file.write_bytes(to_json(attrs.evolve(data, providers=(changed, *others[:-1]))))
    waiting = running.publish("--country", "TN", "--data", str(file))
    told = running.sign(waiting["proposal"], 2)["summary"]["changes"]
    places = [each for each in told if first.id in each and "free_places" in each]
    assert len(places) == 1 and places[0].endswith("→ 99")
    assert f"PROVIDER TAKEN OUT: {others[-1].id}" in told


def test_whoever_is_certified_is_told_with_the_role(seen: Table) -> None:
    """A witness or a server is not taken for anything else."""
    key = bytes(SigningKey.generate().verify_key)
    for made in (
        witness_certificate(key, "TN", "Fictional university", now()),
        server_certificate(key, "TN", now(), days=9),
    ):
        told = seen.read(seen.altered(statements=(*seen.inside.statements, certify(made)))).changes
        assert any(each.startswith(f"CERTIFIED: {made.role} {made.subject}") for each in told)


def test_a_new_edition_is_told_by_its_hash(seen: Table) -> None:
    edition = Edition(seen.inside.checklists[0], 99, "ab" * 32, 1234)
    told = seen.read(seen.altered(editions=(edition,))).changes
    assert any("version 99" in each and "ab" * 32 in each for each in told)


@BREAKS
@given(data=st.data())
def test_no_byte_can_change_unseen(seen: Table, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(seen.data) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda each: each != seen.data[at]))
    broken = seen.data[:at] + bytes([value]) + seen.data[at + 1 :]
    assert _is_seen(seen, broken)


@BREAKS
@given(data=st.data())
def test_no_byte_of_the_snapshot_can_change_unseen(seen: Table, data: st.DataObject) -> None:
    """The same within the payload, with the file around it written rightly."""
    statement = seen.proposal.next
    assert statement is not None
    at = data.draw(st.integers(0, len(statement.payload) - 1))
    value = data.draw(st.integers(32, 126).filter(lambda each: each != statement.payload[at]))
    payload = statement.payload[:at] + bytes([value]) + statement.payload[at + 1 :]
    other = attrs.evolve(seen.proposal, next=attrs.evolve(statement, payload=payload))
    assert _is_seen(seen, to_json(other))


def _is_seen(table: Table, data: bytes) -> bool:
    try:
        shown = table.read(data)
    except (AmanaError, ValueError):
        return True
    honest = table.read(table.data)
    return shown.mark != honest.mark or shown.signed != honest.signed


CHANGES: dict[str, Callable[[Table], bytes]] = {
    "a provider renamed": lambda table: table.altered(
        providers=(
            attrs.evolve(table.inside.providers[0], names={"en": "Demo other name"}),
            *table.inside.providers[1:],
        )
    ),
    "a provider gone": lambda table: table.altered(
        providers=table.inside.providers[1:],
        focal_points=tuple(each.id for each in table.inside.providers[1:] if each.focal_point),
    ),
    "providers in another order": lambda table: table.altered(
        providers=table.inside.providers[::-1],
        focal_points=table.inside.focal_points[::-1],
    ),
    "a checklist gone": lambda table: table.altered(checklists=table.inside.checklists[1:]),
    "a longer life": lambda table: table.altered(issued=table.inside.issued + timedelta(minutes=1)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_kind_of_change_is_in_words(seen: Table, name: str) -> None:
    shown, honest = seen.read(CHANGES[name](seen)), seen.read(seen.data)
    assert shown.mark != honest.mark
    assert (shown.heading, shown.changes) != (honest.heading, honest.changes)


def _foreign(country: str = "MA") -> Statement:
    (found,) = organisation_certificates({"demo-stranger": "Demo stranger"}, country, now())
    return certify(found)


def _device(organisation: str = INSPECTORATE, key: bytes | None = None) -> Certificate:
    public = key or bytes(SigningKey.generate().verify_key)
    return device_certificate(public, Role.FIELD_WORKER, "TN", organisation, "Demo", now())


REFUSED: dict[str, tuple[str, Callable[[Table], bytes]]] = {
    "another country inside": (
        "proposal_refused",
        lambda table: table.altered(country="MA"),
    ),
    "another country outside": (
        "proposal_refused",
        lambda table: to_json(attrs.evolve(table.proposal, country="MA")),
    ),
    "an older number": ("proposal_older", lambda table: table.altered(number=1)),
    "a number ahead": ("proposal_older", lambda table: table.altered(number=3)),
    "already lapsed": (
        "proposal_older",
        lambda table: table.altered(
            issued=now() - timedelta(days=40), expires=now() - timedelta(days=10)
        ),
    ),
    "dated ahead": (
        "proposal_refused",
        lambda table: table.altered(
            issued=now() + timedelta(days=1), expires=now() + timedelta(days=9)
        ),
    ),
    "valid too long": (
        "proposal_refused",
        lambda table: table.altered(expires=now() + timedelta(days=60)),
    ),
    "a certificate of before left out": (
        "proposal_refused",
        lambda table: table.altered(statements=table.inside.statements[1:]),
    ),
    "somebody certified abroad": (
        "proposal_refused",
        lambda table: table.altered(statements=(*table.inside.statements, _foreign())),
    ),
    "a certificate twice": (
        "proposal_refused",
        lambda table: table.altered(
            statements=(*table.inside.statements, table.inside.statements[-1])
        ),
    ),
    "a certificate that is over": (
        "proposal_refused",
        lambda table: table.altered(
            statements=(
                *table.inside.statements,
                certify(
                    attrs.evolve(
                        _device(),
                        not_before=now() - timedelta(days=9),
                        not_after=now() - timedelta(days=1),
                    )
                ),
            )
        ),
    ),
    "a device of nobody": (
        "proposal_refused",
        lambda table: table.altered(
            statements=(*table.inside.statements, certify(_device("demo-nobody")))
        ),
    ),
    "a revocation of something not here": (
        "proposal_refused",
        lambda table: table.altered(
            statements=(
                *table.inside.statements,
                revoke(Revocation("demo-nobody", "ab" * 16, now(), "lost")),
            )
        ),
    ),
    "a statement of another kind": (
        "malformed",
        lambda table: table.altered(
            statements=(*table.inside.statements, sign("application/vnd.fictional+json", {}))
        ),
    ),
    "keepers whom no root certified": (
        "proposal_refused",
        lambda table: table.altered(
            statements=(
                *table.inside.statements,
                certify(_own_authority(table), SigningKey.generate()),
            )
        ),
    ),
    "a signature of nobody": (
        "proposal_refused",
        lambda table: table.altered(
            statements=(
                *table.inside.statements,
                certify(_device(), SigningKey.generate()),
            )
        ),
    ),
    "published before by nobody": (
        "unknown_key",
        lambda table: to_json(
            attrs.evolve(
                table.proposal,
                before=sign(SNAPSHOT_TYPE, table.inside, SigningKey.generate()),
                next=None
                if table.proposal.next is None
                else Statement(SNAPSHOT_TYPE, to_json(attrs.evolve(table.inside, number=3)), ()),
            )
        ),
    ),
}


def _own_authority(table: Table) -> Certificate:
    for each in table.inside.statements:
        if each.payloadType == CERTIFICATE_TYPE:
            found = from_json(each.payload, Certificate)
            if found.role is Role.AUTHORITY:
                return attrs.evolve(found, serial="cd" * 16, threshold=1)
    raise AssertionError("the directory has an authority")


@pytest.mark.parametrize("name", REFUSED)
def test_what_nobody_should_sign_is_refused(seen: Table, name: str) -> None:
    code, make = REFUSED[name]
    before = KeeperFolder(seen.trio.home("TN", 2)).signed()
    seen.file.write_bytes(make(seen))
    told = seen.trio.refused(*seen.trio.signing(seen.file, 2), passphrase=PASSPHRASES[1])
    assert told.code == code, told
    assert KeeperFolder(seen.trio.home("TN", 2)).signed() == before


def test_an_older_snapshot_than_this_keeper_signed_is_refused(table: Table) -> None:
    """An office that shows an old directory as the newest would bring back what was revoked."""
    older = table.data
    table.trio.finish(table.file)
    table.trio.finish(table.trio.publish()["proposal"])
    table.file.write_bytes(older)
    told = table.trio.refused(*table.trio.signing(table.file, 2), passphrase=PASSPHRASES[1])
    assert told.code == "proposal_older"


def test_a_file_cut_off_or_of_another_kind_is_refused(seen: Table) -> None:
    for data in (b"", b"{}", seen.data[:-1], seen.data + b"\n", b" " + seen.data):
        with pytest.raises(NotAProposalError):
            read_proposal(data)
    both = json.loads(seen.data)
    both["root"] = [both["next"]]
    with pytest.raises(NotAProposalError):
        read_proposal(json.dumps(both, sort_keys=True, separators=(",", ":")).encode())


def test_a_label_cannot_turn_the_line_around(running: Trio) -> None:
    device = NewDevice()
    proposal = running.let_in(device)
    file = Path(proposal)
    found = read_proposal(file.read_bytes())
    inside = found.snapshot
    assert inside is not None
    hidden = attrs.evolve(_device(), name="Demo \u202eenohp\x1b[2J")
    other = attrs.evolve(inside, statements=(*inside.statements, certify(hidden)))
    file.write_bytes(
        to_json(attrs.evolve(found, next=Statement(SNAPSHOT_TYPE, to_json(other), ())))
    )
    shown = running.type("sign", proposal, "--keeper", str(running.home("TN", 2)), "--show")
    assert shown.exit_code == 0, shown.exception
    assert "\u202e" not in shown.output and "\x1b" not in shown.output


def test_without_a_yes_nothing_is_signed(seen: Table) -> None:
    seen.file.write_bytes(seen.data)
    words = ("sign", str(seen.file), "--keeper", str(seen.trio.home("TN", 2)))
    assert seen.trio.refused(*words, passphrase=PASSPHRASES[1]).code == "not_signed"
    shown = seen.trio.type(*words, "--show")
    assert shown.exit_code == 0 and "CERTIFIED" in shown.output
    assert seen.file.read_bytes() == seen.data


def test_a_keeper_who_does_not_know_the_root_signs_nothing(table: Table) -> None:
    (table.trio.home("TN", 2) / "root.json").unlink()
    told = table.trio.refused(*table.trio.signing(table.file, 2), passphrase=PASSPHRASES[1])
    assert told.code == "other_programme"


def test_an_office_that_took_a_signature_out_is_noticed(table: Table) -> None:
    table.trio.sign(table.file, 2)
    plain = json.loads(table.file.read_bytes())
    inside = json.loads(base64.b64decode(plain["next"]["payload"]))
    inside["statements"][-1]["signatures"] = inside["statements"][-1]["signatures"][1:]
    text = json.dumps(inside, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    plain["next"] = to_plain(Statement(SNAPSHOT_TYPE, text.encode(), ()))
    table.file.write_bytes(
        json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )
    told = table.trio.refused("publish", *table.trio.here, "--proposal", str(table.file))
    assert told.code == "false_signature"


def test_a_disk_that_fills_while_signing_leaves_the_file_as_it_was(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("backend.commands.offices.files.os.fsync", full)
    result = table.trio.type(*table.trio.signing(table.file, 2), passphrase=PASSPHRASES[1])
    assert result.exit_code != 0
    assert table.file.read_bytes() == table.data
    monkeypatch.undo()
    assert [each.name for each in table.file.parent.glob(".proposal*")] == []
