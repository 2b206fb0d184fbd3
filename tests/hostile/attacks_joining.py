"""Lies to a phone that joins, and about checklists and witnesses."""

import json

from attrs import evolve

from backend.commands.offices.certifying import device_certificate
from mobile.commands.demonstration import cast
from protocols.messages import EnrolmentStatus
from protocols.plain import encode_base64, load_json, to_plain
from protocols.screening.checklist import packaged
from protocols.sealing.certificate import Role, Root, certify
from protocols.sealing.statement import sign
from tests.hostile.attacks_directory import own_authority, programme_with
from tests.hostile.catalogue import Round, attack
from tests.hostile.hostile_server import Reply
from tests.hostile.lying import EDITION, ENROLMENT, changing, instead, refusing
from tests.hostile.town import NEWCOMER, WORKER
from tests.mobile.town import desk_of

LABEL = "Newcomer's phone (fictional)"


def begin(stage, phone):
    """Scan the invitation."""
    return phone.enrolment.begin(stage.invitation[1], LABEL)


def poll(_, phone):
    """Ask whether the coordinator approved."""
    state = phone.enrolment.poll()
    assert phone.identity is None or state == "approved"
    return state


def joins(stage):
    """Once the server is honest, the newcomer is approved and syncs."""
    phone, (invitation, _) = stage.phone(NEWCOMER), stage.invitation
    begin(stage, phone)
    stage.programme.contribute(invitation)
    assert phone.enrolment.poll() == "pending"
    stage.programme.approve(invitation, phone.enrolment.short_code)
    assert phone.enrolment.poll() == "approved"
    assert phone.sync().problems == ()


@attack("wrong_root", check=joins)
def invited_into_another_programme(stage):
    """The server shows a root of its own to a phone that was invited by another."""
    mine = Root("amana", (bytes(stage.intruder.key.verify_key),), 1, stage.in_future(days=-1))
    lie = programme_with(lambda told: told | {"root": to_plain(mine)})
    yield Round(NEWCOMER, (lie,), act=begin)


@attack("foreign_certificate", check=joins)
def authority_of_the_servers_own(stage):
    """The true root, and below it an authority that the root never signed."""
    forged = to_plain(own_authority(stage))
    lie = programme_with(lambda told: told | {"authorities": [forged]})
    yield Round(NEWCOMER, (lie,), act=begin)


def approved_with(stage, *statements):
    """The answer that says approved, with these certificates."""
    status = EnrolmentStatus("a", "approved", (stage.authority, *statements))
    return instead(ENROLMENT, Reply().saying(status))


@attack("enrolment_mismatch", check=joins)
def approved_as_somebody_else(stage):
    """Approved, says the server: with a colleague's certificate, none, or one for another role,
    another organisation, or a time that is over; those signed by an authority in league."""
    phone = stage.phone(NEWCOMER)
    begin(stage, phone)
    key = bytes(desk_of(phone).keyring.signing.verify_key)
    authority, now = stage.town.authority_key("TN"), stage.in_future(days=-1)

    def made(role=Role.FIELD_WORKER, organisation=cast.INSPECTOR.organisation, **changes):
        body = device_certificate(key, role, "TN", organisation, LABEL, now)
        return certify(evolve(body, **changes), authority)

    known = stage.statements
    for extra in (
        known,
        (),
        (*known, made(role=Role.COORDINATOR)),
        (*known, made(organisation=cast.COORDINATOR.organisation)),
        (*known, made(not_before=stage.in_future(days=-9), not_after=stage.in_future(days=-1))),
    ):
        yield Round(NEWCOMER, (approved_with(stage, *extra),), act=poll)


def number_is_still_taken(stage):
    """What the server drew did not take the place of what the coordinator draws."""
    phone = stage.phone(NEWCOMER)
    assert phone.enrolment.poll() == "pending"
    stage.programme.approve(stage.invitation[0], phone.enrolment.short_code)
    assert phone.enrolment.poll() == "approved"


@attack("enrolment_mismatch", check=number_is_still_taken)
def number_drawn_by_the_server(stage):
    """The number that the coordinator draws, for the digits that both read aloud, is replaced by
    one that the server drew and signed."""
    begin(stage, stage.phone(NEWCOMER))
    stage.programme.contribute(stage.invitation[0])
    key = stage.operator.key

    def drawn(status):
        given = status.contribution
        inside = load_json(given.payload)
        other = {name: text for name, text in inside.items() if name != "nonce"}
        nonce = {"nonce": encode_base64(bytes(32))} if "nonce" in inside else {}
        return evolve(status, contribution=sign(given.payloadType, other | nonce, key))

    lie = changing(ENROLMENT, EnrolmentStatus, drawn)
    yield Round(NEWCOMER, (lie,), act=poll)


@attack("foreign_certificate", check=joins)
def approved_by_the_server(stage):
    """A certificate for the right phone, signed by the server instead of the authority."""
    phone = stage.phone(NEWCOMER)
    begin(stage, phone)
    key = bytes(desk_of(phone).keyring.signing.verify_key)
    body = device_certificate(
        key, Role.FIELD_WORKER, "TN", cast.INSPECTOR.organisation, LABEL, stage.in_future(days=-1)
    )
    for signer in (stage.operator.key, stage.town.authority_key("MA")):
        forged = certify(body, signer)
        lie = approved_with(stage, *stage.statements, forged)
        yield Round(NEWCOMER, (lie,), act=poll)


@attack("unknown_enrolment", check=joins)
def never_heard_of_the_newcomer(stage):
    """The server forgets who asked."""
    begin(stage, stage.phone(NEWCOMER))
    yield Round(NEWCOMER, (refusing(ENROLMENT, 404, "unknown_enrolment"),), act=poll)


def newer_checklist() -> bytes:
    """The inspector's checklist as a ministry would correct it."""
    made = json.loads(packaged(cast.CHECKLIST))
    made["version"] += 1
    return json.dumps(made, ensure_ascii=False).encode()


def the_newer_is_used(stage):
    newest = stage.worker.editions.newest(cast.CHECKLIST).checklist
    assert newest.version == json.loads(newer_checklist())["version"]


@attack("edition_altered", keeps=False, check=the_newer_is_used)
def false_checklist(stage):
    """Other questions than those that the ministry published, or none."""
    true = newer_checklist()
    file = stage.folder / "checklist.json"
    file.write_bytes(true)
    stage.programme.publish_checklist(file, "TN")
    carried = stage.worker.editions.newest(cast.CHECKLIST)
    for false in (true.replace(b"?", b"!", 1), true[:-1], b"", true + b" " * 9):
        yield Round(WORKER, (instead(EDITION, Reply(body=false)),))
        assert stage.worker.editions.newest(cast.CHECKLIST).checklist == carried.checklist


@attack("edition_waiting", keeps=False, check=the_newer_is_used)
def withheld_checklist(stage):
    """The newer checklist is named, and not given."""
    file = stage.folder / "checklist.json"
    file.write_bytes(newer_checklist())
    stage.programme.publish_checklist(file, "TN")
    yield Round(WORKER, (refusing(EDITION, 404, "unknown_checklist_file"),))
