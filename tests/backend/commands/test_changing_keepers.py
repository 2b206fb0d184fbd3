"""Keepers leave, are replaced, or are found false: the root says who speaks for a country."""

import shutil
from pathlib import Path

import attrs
import pytest
from nacl.signing import SigningKey

from backend.commands.offices.certifying import authority_certificate
from backend.commands.offices.folder import ProgrammeFolder
from backend.commands.offices.keepers import KeeperFolder
from backend.commands.offices.uplink import ServerRefusedError, Uplink
from protocols.messages import SNAPSHOT_TYPE, DirectoryAnswer, Snapshot
from protocols.plain import from_json
from protocols.sealing.certificate import REVOCATION_TYPE, Revocation, RevokedError, certify
from protocols.sealing.statement import sign
from protocols.sealing.truststore import TrustStore
from tests.backend.commands.office import SERVER, NewDevice
from tests.backend.commands.trio import PASSPHRASES, ROOT_PASSPHRASES, Trio, key_of

NEW = "fictional passphrase of a new keeper"


def new_keeper(trio: Trio, name: str = "Fictional Nadia", of: str = "TN") -> Path:
    """A key made at home; the folder, which knows its programme already."""
    home = trio.homes / name
    words = ("--out", str(home), "--name", name, "--of", of, "--work-factor", "1")
    trio.ask("keeper", "new", *words, passphrase=NEW)
    root = trio.folder / "root" / "root.json"
    fingerprint = trio.ask("status", *trio.here)["root"]
    words = ("--keeper", str(home), "--root", str(root), "--fingerprint", fingerprint)
    trio.ask("keeper", "trust", *words)
    return home


def replace(trio: Trio, number: int, *more: str) -> tuple[Path, str]:
    """Keeper `number` is to be replaced; the newcomer's folder, and the proposal that two of the
    root's keepers have signed."""
    home = new_keeper(trio)
    words = ("--remove", key_of(trio.home("TN", number)), "--add", str(home / "keeper.json"))
    done = trio.ask("keepers", "change", *trio.here, "--country", "TN", *words, *more)
    assert (done["published"], done["lacking"]) == (False, 2)
    trio.sign(done["proposal"], 1, "root")
    trio.sign(done["proposal"], 3, "root")
    return home, done["proposal"]


def listed(trio: Trio, device: NewDevice) -> tuple[DirectoryAnswer, Snapshot]:
    answer = device.send(trio.http, "GET", "/v1/directory/TN")
    assert answer.status_code == 200, answer.content
    found = from_json(answer.content, DirectoryAnswer)
    return found, from_json(found.snapshot.payload, Snapshot)


def test_the_root_shows_whom_it_would_certify_and_one_signature_is_too_few(running: Trio) -> None:
    home = new_keeper(running)
    words = ("--remove", key_of(running.home("TN", 2)), "--add", str(home / "keeper.json"))
    done = running.ask("keepers", "change", *running.here, "--country", "TN", *words)
    lines = running.sign(done["proposal"], 2, "root")["summary"]["changes"]
    (keepers,) = [each for each in lines if each.startswith("KEEPERS")]
    assert key_of(home) in keepers and "any 2 of the 3 keys" in keepers
    assert key_of(running.home("TN", 2)) not in keepers
    (former,) = [each for each in lines if each.startswith("REVOKED")]
    assert "authority-tn" in former and "superseded" in former
    assert any("comes in" in each and "Fictional Nadia" in each for each in lines)
    assert any("no more" in each and key_of(running.home("TN", 2)) in each for each in lines)
    still = running.publish("--proposal", done["proposal"])
    assert (still["published"], still["lacking"]) == (False, 1)


def test_a_new_keeper_signs_and_what_was_certified_before_holds(running: Trio) -> None:
    device = NewDevice()
    running.finish(running.let_in(device))
    home, words = replace(running, 2)
    waiting = running.publish("--proposal", words)
    assert not waiting["published"]
    shown = running.ask(
        "sign", waiting["proposal"], "--keeper", str(home), "--yes", passphrase=NEW
    )["summary"]
    assert any(each.startswith("CONFIRMED") and device.id in each for each in shown["changes"])
    assert running.publish("--proposal", waiting["proposal"])["published"]
    answer, inside = listed(running, device)
    root = ProgrammeFolder(running.folder).read_root()
    fresh = TrustStore.build(root, (answer.authority, *inside.statements))
    assert key_of(home) in fresh.authority("TN", inside.issued).key_map
    assert fresh.device(device.id, inside.issued).subject == device.id
    assert fresh.servers("TN", inside.issued)


def test_keepers_change_twice_and_what_was_revoked_stays_so(running: Trio) -> None:
    lost, kept = NewDevice(), NewDevice()
    for each in (lost, kept):
        running.finish(running.let_in(each))
    words = ("--country", "TN", "--subject", lost.id, "--reason", "lost")
    running.finish(running.ask("revoke", *running.here, *words)["proposal"])
    for number in (2, 3):
        home = new_keeper(running, f"Fictional successor of {number}")
        words = ("--remove", key_of(running.home("TN", number)))
        words = (*words, "--add", str(home / "keeper.json"))
        done = running.ask("keepers", "change", *running.here, "--country", "TN", *words)
        for root in (1, 2):
            running.sign(done["proposal"], root, "root")
        waiting = running.publish("--proposal", done["proposal"])
        signing = ("sign", waiting["proposal"], "--keeper", str(home), "--yes")
        shown = running.ask(*signing, passphrase=NEW)["summary"]["changes"]
        confirmed = any("CONFIRMED" in each and kept.id in each for each in shown)
        assert confirmed == (number == 2), "two who stay have signed it by the second change"
        assert not any("CONFIRMED" in each and lost.id in each for each in shown)
        assert running.publish("--proposal", waiting["proposal"])["published"]
    assert lost.send(running.http, "GET", "/v1/directory/TN").status_code == 403
    answer, inside = listed(running, kept)
    root_ = ProgrammeFolder(running.folder).read_root()
    fresh = TrustStore.build(root_, (answer.authority, *inside.statements))
    assert fresh.device(kept.id, inside.issued).subject == kept.id
    with pytest.raises(RevokedError):
        fresh.device(lost.id, inside.issued)


def test_the_replaced_keeper_signs_nothing_any_more(running: Trio) -> None:
    home, words = replace(running, 2)
    waiting = running.publish("--proposal", words)
    told = running.refused(*running.signing(waiting["proposal"], 2), passphrase=PASSPHRASES[1])
    assert told.code == "proposal_refused"
    assert "not one of TN's keepers" in str(told)
    running.ask("sign", waiting["proposal"], "--keeper", str(home), "--yes", passphrase=NEW)
    running.publish("--proposal", waiting["proposal"])
    later = running.publish()
    assert running.refused(*running.signing(later["proposal"], 2), passphrase=PASSPHRASES[1])


def test_a_device_let_in_afterwards_joins_under_the_new_keepers(running: Trio) -> None:
    before, after = NewDevice(), NewDevice()
    running.finish(running.let_in(before))
    home, words = replace(running, 3)
    waiting = running.publish("--proposal", words)
    running.finish(waiting["proposal"])
    name, code = running.compared(after)
    done = running.ask("approve", *running.here, "--invitation", name, "--code", code)
    running.ask("sign", done["proposal"], "--keeper", str(home), "--yes", passphrase=NEW)
    assert running.publish("--proposal", done["proposal"])["published"]
    assert listed(running, after)[1] == listed(running, before)[1]


def test_while_the_root_is_asked_a_phone_can_still_be_revoked(running: Trio) -> None:
    device = NewDevice()
    running.finish(running.let_in(device))
    home = new_keeper(running)
    words = ("--add", str(home / "keeper.json"), "--threshold", "2")
    change = running.ask("keepers", "change", *running.here, "--country", "TN", *words)
    subject = ("--country", "TN", "--subject", device.id, "--reason", "lost")
    waiting = running.ask("revoke", *running.here, *subject)
    assert running.finish(waiting["proposal"])["published"]
    assert device.send(running.http, "GET", "/v1/directory/TN").status_code == 403
    running.sign(change["proposal"], 1, "root")
    running.sign(change["proposal"], 2, "root")
    waiting = running.publish("--proposal", change["proposal"])
    assert running.finish(waiting["proposal"])["published"]
    assert len(running.status()["keepers"]) == 4
    assert device.send(running.http, "GET", "/v1/directory/TN").status_code == 403


def test_what_a_keeper_had_half_signed_goes_on_under_the_successor(running: Trio) -> None:
    """Keeper 1 of the office compared a phone, and was replaced before keeper 2 had signed it."""
    device = NewDevice()
    running.let_in(device)
    home, words = replace(running, 1)
    office = running.folder / "authorities" / "TN" / "keeper-1"
    shutil.rmtree(office)
    shutil.copytree(home, office)
    (waiting,) = running.ask("publish", *running.here, "--proposal", words, passphrase=NEW)
    shown = running.sign(waiting["proposal"], 2)["summary"]["changes"]
    assert any("CERTIFIED" in each and device.id in each for each in shown)
    publish = ("publish", *running.here, "--proposal", waiting["proposal"])
    (done,) = running.ask(*publish, passphrase=NEW)
    assert done["published"]
    assert listed(running, device)[1].number == 2


def test_all_keepers_of_an_authority_replaced_at_once(running: Trio, tmp_path: Path) -> None:
    """All three were in one house that burnt: the root certifies others, and the server takes
    their word by the root's, of which it hears in that very snapshot."""
    homes = [new_keeper(running, f"Fictional keeper {each}") for each in range(3)]
    words = [word for each in homes for word in ("--add", str(each / "keeper.json"))]
    words += [word for each in (1, 2, 3) for word in ("--remove", key_of(running.home("TN", each)))]
    change = ("keepers", "change", *running.here, "--country", "TN", *words, "--reason", "lost")
    done = running.ask(*change)
    for number in (2, 3):
        running.sign(done["proposal"], number, "root")
    authority = running.folder / "authorities" / "TN"
    shutil.rmtree(authority / "keeper-1")
    shutil.copytree(homes[0], authority / "keeper-new")
    waiting = running.ask("publish", *running.here, "--proposal", done["proposal"], passphrase=NEW)[
        0
    ]
    running.ask("sign", waiting["proposal"], "--keeper", str(homes[2]), "--yes", passphrase=NEW)
    words = ("publish", *running.here, "--proposal", waiting["proposal"])
    (done,) = running.ask(*words, passphrase=NEW)
    assert done["published"]
    assert (running.status()["number"], running.status()["sent"]) == (2, True)
    running.restart_server()
    assert running.ask("pending", *running.here, "--country", "TN", passphrase=NEW) == []


def test_the_server_believes_no_keepers_whom_the_root_did_not_certify(running: Trio) -> None:
    """Nor a replaced one, who leaves out of a snapshot what came after."""
    former = KeeperFolder(running.home("TN", 2)).open(PASSPHRASES[1])
    state = ProgrammeFolder(running.folder).read_state("TN")
    assert state.published is not None
    old = from_json(state.published.payload, Snapshot)
    _, words = replace(running, 2)
    running.finish_with(running.publish("--proposal", words)["proposal"], 3)
    stranger = SigningKey.generate()
    own = authority_certificate((bytes(stranger.verify_key),), 1, "TN", old.issued, days=9)
    for key, statements in (
        (stranger, (*old.statements, certify(own, stranger))),
        (former, old.statements),
    ):
        forged = attrs.evolve(old, number=3, statements=statements)
        with pytest.raises(ServerRefusedError) as refused:
            Uplink(SERVER, (key,)).publish("TN", sign(SNAPSHOT_TYPE, forged, key))
        wanted = {"wrong_role", "wrong_issuer", "unknown_key", "too_few_signatures"}
        assert refused.value.problem_code in wanted
    assert running.status()["number"] == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--remove", "a" * 32), "not_among_keepers"),
        (("--threshold", "4"), "keepers"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    running: Trio, words: tuple[str, ...], code: str
) -> None:
    change = ("keepers", "change", *running.here, "--country", "TN", *words)
    assert running.refused(*change).code == code
    assert running.status()["proposals"] == []


def test_a_key_made_for_another_country_is_no_keeper_here(running: Trio) -> None:
    home = new_keeper(running, of="MA")
    words = ("--add", str(home / "keeper.json"))
    told = running.refused("keepers", "change", *running.here, "--country", "TN", *words)
    assert told.code == "not_among_keepers"


def test_the_former_certificate_is_void_from_the_change_on(running: Trio) -> None:
    device = NewDevice()
    running.finish(running.let_in(device))
    _, words = replace(running, 3, "--reason", "compromised")
    running.finish(running.publish("--proposal", words)["proposal"])
    _, inside = listed(running, device)
    (void,) = [
        found
        for each in inside.statements
        if each.payloadType == REVOCATION_TYPE
        for found in [from_json(each.payload, Revocation)]
    ]
    assert (void.subject, void.reason) == ("authority-tn", "compromised")


def test_a_programme_of_keys_made_at_home(tmp_path: Path, trio: Trio) -> None:
    """No key but the server's was ever on the machine that founded it."""
    folder = tmp_path / "elsewhere"
    homes = {}
    for of in ("root", "TN"):
        for number in (1, 2):
            home = tmp_path / f"home-{of}-{number}"
            words = ("--out", str(home), "--name", f"Fictional {of} {number}", "--of", of)
            trio.ask("keeper", "new", *words, "--work-factor", "1", passphrase=NEW)
            homes[of, number] = home
    words = [word for each in homes.values() for word in ("--keeper", str(each / "keeper.json"))]
    quorums = [f"--{of}-{what}" for of in ("root", "authority") for what in ("keys", "threshold")]
    words += [word for each in quorums for word in (each, "2")]
    init = ("init", "--out", str(folder), "--country", "TN", "--fictional", *words)
    made = trio.ask(*init)
    assert made["keepers"] == [] and not list(folder.rglob("*.age"))
    (proposal,) = made["proposals"]
    for home in homes.values():
        root = ("--root", str(folder / "root" / "root.json"), "--fingerprint", made["root"])
        trio.ask("keeper", "trust", "--keeper", str(home), *root)
    for number in (1, 2):
        signing = ("sign", proposal, "--keeper", str(homes["root", number]), "--yes")
        trio.ask(*signing, passphrase=NEW)
    shutil.copytree(homes["TN", 1], folder / "authorities" / "TN" / "keeper-1")
    publish = ("publish", "--dir", str(folder))
    (waiting,) = trio.ask(*publish, "--proposal", proposal, passphrase=NEW)
    assert not waiting["published"]
    signing = ("sign", waiting["proposal"], "--keeper", str(homes["TN", 2]), "--yes")
    assert trio.ask(*signing, passphrase=NEW)["summary"]["lacking"] == 1
    words = (*publish, "--proposal", waiting["proposal"])
    assert trio.refused(*words, passphrase=NEW), "it is another programme's server that runs"
    state = ProgrammeFolder(folder).read_state("TN")
    assert (state.number, state.unsent is not None) == (1, True)
    assert trio.refused(
        "keeper", "trust", "--keeper", str(homes["root", 1]), "--root",
        str(trio.folder / "root" / "root.json"), "--fingerprint", "0" * 64,
    ).code == "other_programme"  # fmt: skip


def test_the_roots_keepers_sign_nothing_older_than_they_signed(running: Trio) -> None:
    """A change that was given up must not come back after another was signed."""
    change = ("keepers", "change", *running.here, "--country", "TN", "--threshold")
    former = Path(running.ask(*change, "3")["proposal"])
    given_up = former.with_name("given up.json")
    shutil.copy(former, given_up)
    running.sign(running.ask(*change, "2")["proposal"], 1, "root")
    told = running.refused(*running.signing(given_up, 1, "root"), passphrase=ROOT_PASSPHRASES[0])
    assert told.code == "proposal_older"


def test_a_root_keeper_signs_no_directory_and_an_authoritys_no_keepers(running: Trio) -> None:
    waiting = running.publish()
    told = running.refused(
        *running.signing(waiting["proposal"], 1, "root"), passphrase=ROOT_PASSPHRASES[0]
    )
    assert told.code == "proposal_refused"
    change = running.ask("keepers", "change", *running.here, "--country", "TN")
    told = running.refused(*running.signing(change["proposal"], 2), passphrase=PASSPHRASES[1])
    assert told.code == "proposal_refused"
